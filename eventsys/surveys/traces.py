"""What the database itself would tell of who said what, and how it is kept from telling.

PostgreSQL keeps in each row which transaction wrote it (xmin), and rows lie in the order they were written (ctid).
SQLite keeps nothing of the kind: the tables of answers lie there by their random ids. The limits stand in
docs/decisions/0060.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from eventsys.database import db
from eventsys.surveys.models import Survey, SurveyAnswer, SurveyInvitation, SurveyResponse, Way

_QUIETLY = {"synchronize_session": False}
_TAG, _ID = 8, 24  # characters of an id: the tag of a shuffling, and all


def mark(invitation: SurveyInvitation) -> None:
    """Note that this person has answered, by rewriting the row of everybody who was asked.

    Were only this row written, it would share its xmin with the answer. As every row is written each time, all have the
    same xmin, and they lie in an order that has nothing to do with who answered when.
    """
    has_answered = or_(SurveyInvitation.has_answered, SurveyInvitation.id == invitation.id)
    everybody = update(SurveyInvitation).where(SurveyInvitation.survey_id == invitation.survey_id)
    db.session.execute(everybody.values(has_answered=has_answered).execution_options(**_QUIETLY))
    db.session.expire(invitation)


def stir(survey: Survey) -> None:
    """Write all personal answers anew, so that none can be told from another by the transaction that wrote it.

    Otherwise the xmin of an answer, held against rows with a time, would give its moment, and what is stored apart of
    sessions would find its answer.
    """
    if not _keeps_traces():
        return
    rows = update(SurveyResponse).where(_theirs(survey)).values(day=SurveyResponse.day)
    db.session.execute(rows.execution_options(**_QUIETLY))
    answers = update(SurveyAnswer).where(SurveyAnswer.response_id.in_(_ids(survey)))
    db.session.execute(answers.values(hidden_why=SurveyAnswer.hidden_why).execution_options(**_QUIETLY))


def shuffle(survey: Survey) -> None:
    """Write all personal answers anew under new random ids, in the order of those.

    Stirring leaves them in the order they came. A reminder's letters tell who was silent until then: if one of them
    alone has answered since, the last row would be theirs. Done with each reminder and when the survey closes.
    """
    if not _keeps_traces():
        return
    db.session.flush()
    tag, salt = secrets.token_hex(_TAG // 2), secrets.token_hex(16)
    old = (_theirs(survey), ~SurveyResponse.id.startswith(tag))
    kept = [column.key for column in SurveyResponse.__table__.columns if column.key != "id"]
    new_id = _shuffled(SurveyResponse.id, tag, salt)
    rows = select(new_id, *(getattr(SurveyResponse, name) for name in kept)).where(*old).order_by(new_id)
    db.session.execute(insert(SurveyResponse).from_select(["id", *kept], rows))
    said = [column.key for column in SurveyAnswer.__table__.columns if column.key != "response_id"]
    new_id = _shuffled(SurveyAnswer.response_id, tag, salt)
    answers = (
        select(new_id, *(getattr(SurveyAnswer, name) for name in said))
        .where(SurveyAnswer.response_id.in_(select(SurveyResponse.id).where(*old)))
        .order_by(new_id, SurveyAnswer.question_id)
    )
    db.session.execute(insert(SurveyAnswer).from_select(["response_id", *said], answers))
    db.session.execute(delete(SurveyResponse).where(*old).execution_options(**_QUIETLY))


def _shuffled(id_: Any, tag: str, salt: str) -> ColumnElement[str]:
    return func.concat(tag, func.left(func.md5(func.concat(salt, id_)), _ID - _TAG))


def _keeps_traces() -> bool:
    return db.engine.dialect.name == "postgresql"


def _theirs(survey: Survey) -> ColumnElement[bool]:
    """Behind open answers there is no person; they stay as they are."""
    return (SurveyResponse.survey_id == survey.id) & (SurveyResponse.way != Way.OPEN)


def _ids(survey: Survey) -> Any:
    return select(SurveyResponse.id).where(_theirs(survey)).scalar_subquery()
