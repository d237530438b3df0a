"""Doors for workers: what the clock has found due about surveys."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events.models import EventState
from eventsys.surveys.closing import close_survey
from eventsys.surveys.days import blur_days
from eventsys.surveys.due import Work, closes_at, reminder_times, reminders_due, surveys_with_work, work_of
from eventsys.surveys.inviting import invite_portion
from eventsys.surveys.models import Survey, SurveySettings
from eventsys.surveys.opening import open_survey
from eventsys.surveys.planning import make_due_survey, surveys_to_make
from eventsys.surveys.queries import locked_with_event
from eventsys.surveys.reminding import remind_portion
from eventsys.surveys.settings import survey_settings


@job(queue="surveys")
def tend_survey(survey_id: int) -> None:
    """Open, ask, remind or close, a portion a transaction; what is left when time is out waits for the next tick."""
    stops_at = now() + timedelta(seconds=50)
    try:
        while now() < stops_at and _next_step(survey_id, now()):
            pass
    except NotFound:
        return


def _next_step(survey_id: int, at: datetime) -> bool:
    with transaction():
        survey, settings = locked_with_event(survey_id), survey_settings()
        work = work_of(survey, settings, at) if survey.event.state is EventState.PUBLISHED else None
        if work is not None:
            _do(work, survey, settings, at)
    return work is not None


def _do(work: Work, survey: Survey, settings: SurveySettings, at: datetime) -> None:
    if work is Work.OPEN:
        open_survey(survey, at)
    elif work is Work.INVITE:
        invite_portion(survey, closes_at(survey, settings), at)
    elif work is Work.REMIND:
        number = reminders_due(survey, settings, at)
        remind_portion(survey, number, reminder_times(survey, settings)[number - 1], closes_at(survey, settings))
        blur_days(survey, settings)
    else:
        close_survey(survey, at)


@job(queue="surveys")
def make_survey_of(event_id: int) -> None:
    """The survey of an event that has begun, from the template of its series."""
    try:
        with transaction():
            make_due_survey(event_id, now())
    except NotFound:
        return


def ring_due() -> None:
    """Ring for everything about surveys that is due. Called by the tick."""
    for event_id in surveys_to_make(now()):
        make_survey_of.ring(event_id)
    for survey_id in surveys_with_work(now()):
        tend_survey.ring(survey_id)
