"""Surveys in the demonstration: templates of series, answers to what has been, and one that is open now."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from eventsys.clock import local
from eventsys.database import db
from eventsys.events.models import Attendee, AttendeeState, Event, EventState, Series
from eventsys.surveys.editing import open_way
from eventsys.surveys.models import (
    NKI_KINDS,
    Asked,
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
    Way,
)
from eventsys.surveys.planning import make_survey
from eventsys.surveys.questions import add_question
from eventsys.surveys.template_editing import make_template
from eventsys.tokens import new_token

DAY = timedelta(days=1)
LATEST_CLOSED = 20 * DAY  # what was held later than that has no survey yet, or an open one
SHARE_WHO_ANSWER, SHARE_WHO_WRITE, OPEN_ANSWERS = 0.55, 0.25, 8
TEXTS = (
    "Bra upplägg och lagom långt. Kom gärna tillbaka till ämnet i höst.",
    "Mer tid för frågor, annars mycket bra.",
    "Nya kontakter var det bästa.",
    "Det var svårt att höra längst bak.",
    "Konkreta exempel från företag som vi känner igen, mer sådant.",
    "Gärna lite tidigare på dagen.",
)
TOPIC: dict[str, Any] = {
    "kind": QuestionKind.CHOICE, "text": "Hur länge borde det hålla på?", "text_en": "How long should it last?",
    "options": [
        {"sv": "Kortare", "en": "Shorter"}, {"sv": "Som nu", "en": "As it was"}, {"sv": "Längre", "en": "Longer"},
    ],
}  # fmt: skip


def ask(at: datetime, luck: random.Random) -> None:
    """Every series gets a template, every event that was held a survey with answers. Flushes, does not commit."""
    for series_id in db.session.scalars(select(Series.id).order_by(Series.id)).all():
        template = make_template(series_id, at - 300 * DAY)
        add_question(template, TOPIC, at - 300 * DAY)
        template.is_automatic = True
    held = select(Event).where(Event.state == EventState.PUBLISHED, Event.ends_at < at).order_by(Event.starts_at)
    for event in db.session.scalars(held).all():
        _held(event, at, luck)


def _held(event: Event, at: datetime, luck: random.Random) -> None:
    """Its survey, opened an hour after its end and closed two weeks later if that has been."""
    ended, came = event.ends_at, _number_who_came(event.id)
    survey = make_survey(event.id, ended)
    survey.opened_at, survey.invited = ended + timedelta(hours=1), came
    is_over = ended < at - LATEST_CLOSED
    survey.state = SurveyState.CLOSED if is_over else SurveyState.OPEN
    survey.closed_at, survey.closes_at = (ended + 15 * DAY, None) if is_over else (None, at + 4 * DAY)
    open_way_answers = OPEN_ANSWERS if came > 40 else 0
    if not is_over:
        open_way(survey, ended)
    survey.reminders_sent = len(survey.reminder_days)
    survey.frozen_at = local(ended).date()
    db.session.flush()
    numbers = {Way.PERSONAL: _number_of_answers(came, luck), Way.OPEN: open_way_answers}
    for way, number in numbers.items():
        _hand_in(survey, way, number, luck)
    if not is_over:
        _invite(survey, numbers[Way.PERSONAL], luck)


def _invite(survey: Survey, answered: int, luck: random.Random) -> None:
    """Everybody was asked when it opened, so that the clock finds nobody to write to; so many have answered."""
    asked_of = {
        AttendeeState.ATTENDED: Asked.ATTENDED, AttendeeState.CONFIRMED: Asked.ATTENDED,
        AttendeeState.NO_SHOW: Asked.NO_SHOW,
    }  # fmt: skip
    query = select(Attendee.id, Attendee.state).where(
        Attendee.event_id == survey.event_id, Attendee.state.in_(asked_of)
    )
    people = db.session.execute(query.order_by(Attendee.id)).all()
    came = [person.id for person in people if asked_of[person.state] is Asked.ATTENDED]
    done = set(luck.sample(came, min(answered, len(came))))
    rows = [
        {
            "survey_id": survey.id, "attendee_id": person.id, "asked": asked_of[person.state], "token": new_token(),
            "has_answered": person.id in done, "reminders": 0, "invited_at": survey.opened_at,
        }
        for person in people
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(SurveyInvitation), rows)


def _number_who_came(event_id: int) -> int:
    query = select(func.count()).where(Attendee.event_id == event_id, Attendee.state == AttendeeState.ATTENDED)
    return db.session.scalar(query) or 0


def _number_of_answers(came: int, luck: random.Random) -> int:
    return min(came, round(came * luck.gauss(SHARE_WHO_ANSWER, 0.06)))


def _hand_in(survey: Survey, way: Way, number: int, luck: random.Random) -> None:
    """Rows as answering.py keeps them, many at a time; the invitations of long ago are deleted."""
    if not number:
        return
    first, mood = local(survey.opened_at or survey.created_at).date(), luck.gauss(8.1, 0.5)
    ids = [f"{luck.getrandbits(88):022x}" for _ in range(number)]
    rows = [
        {
            "id": one, "survey_id": survey.id, "way": way, "day": first + luck.choice((0, 0, 0, 1, 1, 3, 7)) * DAY,
            **{kind.value: _mark(mood, luck) for kind in NKI_KINDS},
        }
        for one in ids
    ]  # fmt: skip
    db.session.execute(insert(SurveyResponse), rows)
    db.session.execute(insert(SurveyAnswer), [row for one in ids for row in _said(survey.questions, one, luck)])


def _mark(mood: float, luck: random.Random) -> int | None:
    return None if luck.random() < 0.03 else min(10, max(1, round(luck.gauss(mood, 1.4))))


def _said(questions: Sequence[SurveyQuestion], response_id: str, luck: random.Random) -> list[dict[str, Any]]:
    kinds = {question.kind: question.id for question in reversed(questions)}  # of texts the first, to those who came
    choice: dict[str, Any] = {
        "question_id": kinds[QuestionKind.CHOICE],
        "number": luck.choice((0, 1, 1, 1, 2)),
        "text": "",
    }
    words: dict[str, Any] = {"question_id": kinds[QuestionKind.TEXT], "number": None, "text": luck.choice(TEXTS)}
    said = [choice, words] if luck.random() < SHARE_WHO_WRITE else [choice]
    return [{"response_id": response_id, "hidden_why": "", **one} for one in said]
