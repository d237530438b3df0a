"""Which questions are put to whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from sqlalchemy import or_, select

from eventsys.database import db
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.surveys.models import Asked, Survey, SurveyInvitation, SurveyQuestion


def questions_for(survey: Survey, asked: Asked) -> list[SurveyQuestion]:
    """Those to who came, or to who did not, in their order; those about sessions too."""
    return [question for question in survey.questions if question.asked is asked]


def questions_to(invitation: SurveyInvitation) -> list[SurveyQuestion]:
    """What this person is asked: of the sessions, those they held a place in and those that were for everybody."""
    questions = questions_for(invitation.survey, invitation.asked)
    return _of_sessions(questions, _sessions_of(questions, invitation.attendee_id))


def questions_to_anybody(survey: Survey) -> list[SurveyQuestion]:
    """What the open way asks: nobody knows who answers, so of the sessions only those that were for everybody."""
    questions = questions_for(survey, Asked.ATTENDED)
    return _of_sessions(questions, _sessions_of(questions, None))


def questions_to_who_chose(survey: Survey, session_id: int | None) -> list[SurveyQuestion]:
    """What somebody who came is asked who held a place in this session, or in none; for previews."""
    questions = questions_for(survey, Asked.ATTENDED)
    chosen = set() if session_id is None else {session_id}
    return _of_sessions(questions, _sessions_of(questions, None) | chosen)


def fingerprint(survey: Survey, asked: Asked) -> str:
    """Changes when a question does: what was shown is held against what is asked when the answer comes."""
    return ".".join(mark_of_shown(question) for question in questions_for(survey, asked))


def mark_of_shown(question: SurveyQuestion) -> str:
    """Of one question, part of the fingerprint: another when it is put in other words, or its ends or options are."""
    told = [question.id, question.kind.value, question.is_required, question.session_id, *(
        getattr(question, name)
        for name in ("text", "text_en", "low", "low_en", "high", "high_en", "options")
    )]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def _of_sessions(questions: list[SurveyQuestion], sessions: Collection[int]) -> list[SurveyQuestion]:
    return [question for question in questions if question.session_id is None or question.session_id in sessions]


def _sessions_of(questions: list[SurveyQuestion], attendee_id: int | None) -> set[int]:
    """Of the sessions asked about, those that this person was in, as far as anybody knows."""
    ids = {question.session_id for question in questions if question.session_id is not None}
    if not ids:
        return set()
    held = select(SessionChoice.session_id).where(
        SessionChoice.attendee_id == attendee_id, SessionChoice.state == ChoiceState.HELD
    )
    query = select(Session.id).join(Session.slot).where(Session.id.in_(ids))
    return set(db.session.scalars(query.where(or_(~Slot.has_choice, Session.id.in_(held)))))
