"""Surveys with answers, written as rows: what they say is counted here, how they came is tested elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.models import Event
from eventsys.surveys.models import (
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
    Way,
    as_number,
)
from eventsys.surveys.nki import Answer
from eventsys.surveys.wording import usual_questions
from tests.factories import in_days, make_event

VECTOR: tuple[Answer, ...] = (
    (10, 9, 9), (8, 8, 7), (7, 6, None), (9, 10, 8), (5, 4, 4), (8, 7, 7), (6, None, 5), (10, 10, 10),
    (None, None, None), (3, 2, 1),
)  # fmt: skip
"""Of the method: n = 7, NKI 67.72, margin 25.96 with 25 invited."""
EIGHTS: tuple[Answer, ...] = ((8, 8, 8),) * 8
A_DAY = date(2026, 3, 5)


def make_past_event(**given: Any) -> Event:
    """A published event that was over two weeks ago."""
    starts_at = given.pop("starts_at", None) or in_days(-14)
    return make_event(starts_at=starts_at, **given)


def scale(text: str = "Hur var maten?", **given: Any) -> SurveyQuestion:
    return SurveyQuestion(kind=QuestionKind.SCALE, text=text, position=20, **given)


def choice(text: str, *options: str, kind: QuestionKind = QuestionKind.CHOICE, **given: Any) -> SurveyQuestion:
    return SurveyQuestion(
        kind=kind, text=text, position=30, options=[{"sv": one, "en": f"{one} (en)"} for one in options], **given
    )


def make_survey(
    event: Event | None = None,
    answers: Iterable[Answer] = (),
    own: Sequence[SurveyQuestion] = (),
    *,
    invited: int = 25,
    **given: Any,
) -> Survey:
    """A closed survey with the usual questions, own ones, and these answers by personal links, all on one day."""
    event = event or make_past_event()
    at = now()
    values = {"state": SurveyState.CLOSED, "invited": invited, "created_at": at, "changed_at": at, "closed_at": at}
    with transaction():
        survey = Survey(event_id=event.id, **{**values, **given})
        survey.questions = [*usual_questions(), *own]
        db.session.add(survey)
        db.session.flush()
        hand_in(survey, answers)
    return survey


def hand_in(
    survey: Survey,
    answers: Iterable[Answer],
    way: Way = Way.PERSONAL,
    day: date = A_DAY,
    own: Sequence[dict[int, Any]] = (),
) -> list[str]:
    """Keep these answers; `own` holds for each in turn what it says to other questions, by question id. The ids."""
    ids = []
    for place, (satisfied, expectations, ideal) in enumerate(answers):
        response = SurveyResponse(
            id=secrets.token_hex(10), survey_id=survey.id, way=way, day=day, satisfied=satisfied,
            expectations=expectations, ideal=ideal,
        )  # fmt: skip
        db.session.add(response)
        db.session.flush()
        for question_id, said in (own[place] if place < len(own) else {}).items():
            given = {"text": said} if isinstance(said, str) else {"number": number_of(said)}
            db.session.add(SurveyAnswer(response_id=response.id, question_id=question_id, **given))
        ids.append(response.id)
    db.session.flush()
    return ids


def number_of(said: int | list[int] | None) -> int | None:
    return as_number(said) if isinstance(said, list) else said


def hand_in_many(survey: Survey, number: int, own: Sequence[SurveyQuestion] = ()) -> None:
    """So many answers at once over ten days, each also answering these questions of a scale, a choice or words."""
    ids = [f"{secrets.token_hex(6)}{place:08x}" for place in range(number)]
    rows = [
        {
            "id": one, "survey_id": survey.id, "way": Way.OPEN if place % 50 == 0 else Way.PERSONAL,
            "day": A_DAY + timedelta(days=place % 10), "satisfied": place % 10 + 1,
            "expectations": place // 10 % 10 + 1, "ideal": place // 100 % 10 + 1,
        }
        for place, one in enumerate(ids)
    ]  # fmt: skip
    said = [
        {"response_id": one, "question_id": question.id, **_said(question, place)}
        for question in own
        for place, one in enumerate(ids)
    ]
    db.session.execute(insert(SurveyResponse), rows)
    if said:
        db.session.execute(insert(SurveyAnswer), said)


def _said(question: SurveyQuestion, place: int) -> dict[str, Any]:
    if question.kind is QuestionKind.TEXT:
        return {"number": None, "text": f"Bra dag, tack. Nummer {place}.", "hidden_why": ""}
    if question.kind is QuestionKind.CHOICES:
        return {"number": as_number([place % 3, 3]), "text": "", "hidden_why": ""}
    top = 10 if question.kind is QuestionKind.SCALE else len(question.options)
    return {"number": place % top + (question.kind is QuestionKind.SCALE), "text": "", "hidden_why": ""}


def question_of(survey: Survey, kind: QuestionKind) -> SurveyQuestion:
    """The first question of this kind."""
    return next(one for one in survey.questions if one.kind is kind)


def day_of(event: Event) -> date:
    return local(event.starts_at).date()
