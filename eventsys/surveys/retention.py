"""How long data about surveys is kept. Answers have no person; their figures stay for ever."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, tuple_

from eventsys.database import db
from eventsys.personal import portions
from eventsys.retention import Category, Deed, by_ids, counted
from eventsys.surveys.models import (
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
)

_CLOSED, _CLOSED_EN = "att enkäten stängde", "the survey closed"


def _invitations(before: datetime) -> Select[Any]:
    query = select(SurveyInvitation.id).join(SurveyInvitation.survey)
    return query.where(Survey.state == SurveyState.CLOSED, Survey.closed_at < before)


def _forget_invitations(ids: Collection[int]) -> int:
    """The survey itself keeps how many were asked."""
    done = 0
    for some in portions(ids):
        gone = delete(SurveyInvitation).where(SurveyInvitation.id.in_(some)).returning(SurveyInvitation.id)
        done += len(db.session.execute(gone.execution_options(synchronize_session=False)).all())
    return done


def _texts(before: datetime) -> Any:
    return (
        select(SurveyAnswer.response_id, SurveyAnswer.question_id)
        .join(SurveyQuestion, SurveyQuestion.id == SurveyAnswer.question_id)
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .join(Survey, Survey.id == SurveyResponse.survey_id)
        .where(SurveyQuestion.kind == QuestionKind.TEXT)
        .where(Survey.state == SurveyState.CLOSED, Survey.closed_at < before)
    )


def _forget_texts(before: datetime, limit: int, _at: datetime) -> int:
    keys = [tuple(row) for row in db.session.execute(_texts(before).limit(limit))]
    for some in portions(keys):
        gone = delete(SurveyAnswer).where(tuple_(SurveyAnswer.response_id, SurveyAnswer.question_id).in_(some))
        db.session.execute(gone.execution_options(synchronize_session=False))
    return len(keys)


CATEGORIES = (
    Category(
        "surveys.links", "Vilka som fått en enkät", "Who was sent a survey", _CLOSED, _CLOSED_EN,
        "Länkarna och vem de gick till tas bort. Hur många som fick enkäten och hur många som svarade finns kvar.",
        Deed.DELETED, counted(_invitations), by_ids(_invitations, _forget_invitations),
    ),
    Category(
        "surveys.texts", "Fritextsvar i enkäter", "Answers to surveys in own words", _CLOSED, _CLOSED_EN,
        "Svar i egna ord tas bort. NKI, betyg och val finns kvar.", Deed.DELETED, counted(_texts), _forget_texts,
    ),
)  # fmt: skip
