"""A survey is made for an event: from the template of its series, from the survey before it, or from the usual words.

The template comes first, so that what the office has decided for a series holds, and its surveys can be compared. Where
a series has none, the latest survey of an earlier event is copied, with all that was worded by hand there: next year's
Näringslivsdag begins as this year's ended. What was said of single sessions is left behind.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.models import Event, EventState
from eventsys.events.seats import locked_event
from eventsys.surveys.editing import TEXTS
from eventsys.surveys.models import Survey, SurveyState, SurveyTemplate
from eventsys.surveys.queries import survey_of, template_of
from eventsys.surveys.questions import asks_anybody, copied
from eventsys.surveys.settings import survey_settings
from eventsys.surveys.wording import usual_questions

LATEST = timedelta(days=2)
"""So long after its end an event still gets its survey by itself: servers may be down, but nobody is to be asked about
what was weeks ago because somebody made a template today."""


class CannotMake(Refused):
    """The event is cancelled."""


class Source(StrEnum):
    """What a new survey is made from."""

    TEMPLATE = "template"
    EARLIER = "earlier"
    USUAL = "usual"


def model_of(event: Event) -> tuple[Source, Survey | SurveyTemplate | None]:
    """What the survey of this event would be made from."""
    template = template_of(event.series_id)
    if template is not None:
        return Source.TEMPLATE, template
    earlier = _earlier_survey(event)
    return (Source.USUAL, None) if earlier is None else (Source.EARLIER, earlier)


def make_survey(event_id: int, at: datetime) -> Survey:
    """The event's survey, made now if there is none: ready when the template is automatic, else a draft.

    Under the event's lock, so that two who make it make one. Raises NotFound, CannotMake. Flushes, does not commit.
    """
    event = locked_event(event_id)
    found = survey_of(event_id)
    if found is not None:
        return found
    if event.state is EventState.CANCELLED:
        raise CannotMake("Evenemanget är inställt, så det finns inget att fråga om.")
    survey = _new_survey(event, at)
    db.session.add(survey)
    db.session.flush()
    audit.record("survey.made", f"survey:{survey.id}", event=event_id)
    return survey


def draft_of(event: Event, at: datetime) -> Survey:
    """The survey that would be made, as a row that is not kept: it can say what will happen."""
    survey = _new_survey(event, at)
    survey.event = event
    return survey


def _new_survey(event: Event, at: datetime) -> Survey:
    _, model = model_of(event)
    survey = Survey(event_id=event.id, state=SurveyState.DRAFT, asks_no_shows=True, created_at=at, changed_at=at)
    if model is None:
        survey.questions, survey.reminder_days = usual_questions(), list(survey_settings().reminder_days)
        return survey
    survey.questions = copied(model.questions)
    for name in ("reminder_days", "asks_no_shows", *TEXTS):
        setattr(survey, name, getattr(model, name))
    if isinstance(model, SurveyTemplate) and model.is_automatic and asks_anybody(survey):
        survey.state = SurveyState.READY
    return survey


def _earlier_survey(event: Event) -> Survey | None:
    query = (
        select(Survey)
        .join(Survey.event)
        .options(selectinload(Survey.questions), joinedload(Survey.event))
        .where(Event.series_id == event.series_id, Event.starts_at < event.starts_at)
        .order_by(Event.starts_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


# --- by the clock -------------------------------------------------------------------------------------------------


def surveys_to_make(at: datetime) -> list[int]:
    """Ids of the events that are to get their survey by themselves now: begun, in a series with such a template."""
    query = (
        select(Event.id)
        .join(SurveyTemplate, SurveyTemplate.series_id == Event.series_id)
        .where(SurveyTemplate.is_automatic, Event.state == EventState.PUBLISHED)
        .where(Event.starts_at <= at, Event.ends_at > at - LATEST)
        .where(~exists().where(Survey.event_id == Event.id))
        .order_by(Event.id)
    )
    return list(db.session.scalars(query))


def make_due_survey(event_id: int, at: datetime) -> Survey | None:
    """Make the survey of an event if that is still due; somebody may have cancelled it meanwhile. Flushes only."""
    locked_event(event_id)
    return make_survey(event_id, at) if event_id in surveys_to_make(at) else None


def will_be_made(event: Event) -> bool:
    """Whether the survey of an event to come is made without anybody thinking of it."""
    template = template_of(event.series_id)
    return template is not None and template.is_automatic and event.state is not EventState.CANCELLED
