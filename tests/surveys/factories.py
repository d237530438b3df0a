"""Rows for tests about surveys: an event that has been held, its survey, those who were asked, what they said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.attendance.closing import close_attendance
from eventsys.events.attendance.marking import mark
from eventsys.events.models import Attendee, Event
from eventsys.mail.models import Delivery
from eventsys.surveys.actors import tend_survey
from eventsys.surveys.asked import fingerprint
from eventsys.surveys.due import surveys_with_work
from eventsys.surveys.models import (
    Asked,
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
)
from eventsys.surveys.wording import usual_questions
from tests.factories import _kept, make_event, make_registration
from tests.staff_fixtures import see_anew

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_held_event(people: int | Sequence[Any] = 3, *, absent: int = 0, closed: bool = True, **given: Any) -> Event:
    """An event that ended two hours ago, the last `absent` of its people missing; `closed=False`: nobody said who."""
    starts_at = given.pop("starts_at", now() - 4 * HOUR)
    event = make_event(
        starts_at=starts_at, ends_at=starts_at + 2 * HOUR, **{"capacity": 500, "party_size": 500, **given}
    )
    if people:
        make_registration(event, people, starts_at - DAY)
    if closed:
        ids = [attendee.id for attendee in people_at(event)]
        with transaction():
            mark(event.id, ids[: len(ids) - absent], True, now())
            close_attendance(event.id, now())
    see_anew()
    return db.session.get_one(Event, event.id)


def make_survey(event: Event, more: Sequence[SurveyQuestion] = (), **given: Any) -> Survey:
    """Ready to open by itself, with the usual questions and `more`; reminders after 3 and 7 days."""
    values = {"state": SurveyState.READY, "reminder_days": [3, 7], "created_at": now(), "changed_at": now()}
    return _kept(Survey(event_id=event.id, questions=[*usual_questions(), *more], **{**values, **given}))


def make_question(kind: QuestionKind = QuestionKind.TEXT, text: str = "Något mer?", **given: Any) -> SurveyQuestion:
    """A question beside the usual ones; not kept until a survey has it."""
    return SurveyQuestion(**{"kind": kind, "text": text, "position": 10, **given})


def make_open_survey(people: int | Sequence[Any] = 3, more: Sequence[SurveyQuestion] = (), **given: Any) -> Survey:
    """A survey that has just opened by the clock, everybody asked."""
    survey = make_survey(make_held_event(people), more, **given)
    let_the_clock_work()
    return fresh(survey)


def make_every_kind(title: str = "Fredagslunch", **given: Any) -> Survey:
    """A survey with a question of each kind; two came and one did not, and all three were asked."""
    options = [{"sv": "Kortare", "en": "Shorter"}, {"sv": "Lagom", "en": "As it was"}, {"sv": "Längre", "en": "Longer"}]
    english = {"text_en": "What did you think of the food?", "low_en": "Poor", "high_en": "Excellent"}
    more = [
        make_question(QuestionKind.SCALE, "Vad tyckte du om maten?", low="Dålig", high="Utmärkt", **english),
        make_question(QuestionKind.CHOICE, "Hur lång borde lunchen vara?", text_en="How long?", options=options),
        make_question(QuestionKind.CHOICES, "Vad passade dig?", text_en="What suited you?", options=options),
    ]
    words = {"intro": "Tre frågor och några till.", "intro_en": "Three questions and a few more."}
    survey = make_survey(make_held_event(3, absent=1, title=title), more, **words, **given)
    let_the_clock_work()
    return fresh(survey)


def let_the_clock_work() -> None:
    """What a tick and its workers do about surveys."""
    see_anew()
    for survey_id in surveys_with_work(now()):
        tend_survey(survey_id)
    see_anew()


# --- what is kept -------------------------------------------------------------------------------------------------


def fresh(survey: Survey) -> Survey:
    see_anew()
    return db.session.get_one(Survey, survey.id)


def people_at(event: Event) -> list[Attendee]:
    see_anew()
    return list(db.session.scalars(select(Attendee).where(Attendee.event_id == event.id).order_by(Attendee.id)))


def invitations(survey: Survey) -> list[SurveyInvitation]:
    see_anew()
    query = select(SurveyInvitation).where(SurveyInvitation.survey_id == survey.id)
    return list(db.session.scalars(query.order_by(SurveyInvitation.id)))


def responses(survey: Survey) -> list[SurveyResponse]:
    see_anew()
    return list(db.session.scalars(select(SurveyResponse).where(SurveyResponse.survey_id == survey.id)))


def answers(survey: Survey) -> list[SurveyAnswer]:
    see_anew()
    query = select(SurveyAnswer).join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
    return list(db.session.scalars(query.where(SurveyResponse.survey_id == survey.id)))


def letters_about(survey: Survey, letter: str) -> list[str]:
    """The names that this letter (`reminder`) has been posted to, in the order of the posting."""
    see_anew()
    query = select(Delivery.name).where(
        Delivery.letter == f"surveys/{letter}", Delivery.purpose_key.startswith(f"survey:{survey.id}:")
    )
    return list(db.session.scalars(query.order_by(Delivery.id)))


# --- answering ----------------------------------------------------------------------------------------------------


def question(survey: Survey, kind: QuestionKind) -> SurveyQuestion:
    """The first question of this kind."""
    return next(one for one in survey.questions if one.kind is kind)


def filled_in(survey: Survey, satisfied: int = 8, text: str = "", **more: Any) -> dict[str, Any]:
    """The form as somebody fills it in who was so satisfied; `more` are fields by name."""
    kinds = {QuestionKind.SATISFIED: satisfied, QuestionKind.EXPECTATIONS: satisfied, QuestionKind.IDEAL: satisfied}
    form = {f"q{question(survey, kind).id}": str(number) for kind, number in kinds.items()}
    words = {f"q{question(survey, QuestionKind.TEXT).id}": text} if text else {}
    return {"shown": fingerprint(survey, Asked.ATTENDED), **form, **words, **more}
