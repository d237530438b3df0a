"""When a survey opens, reminds and closes, and what the clock has to do about it now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from eventsys.clock import from_local, local
from eventsys.database import db
from eventsys.events.attendance.closing import waits_for_doors
from eventsys.events.deadlines import is_working_day
from eventsys.events.models import Event, EventState
from eventsys.surveys.inviting import is_anybody_left_to_ask
from eventsys.surveys.models import Asked, Survey, SurveySettings, SurveyState
from eventsys.surveys.settings import survey_settings

AT_NINE = time(9)
ONE_DAY = timedelta(days=1)
MOST_REMINDERS = 3


class Work(StrEnum):
    OPEN = "open"
    INVITE = "invite"
    REMIND = "remind"
    CLOSE = "close"


# --- when: pure, from the survey and the settings -----------------------------------------------------------------


def opens_at(survey: Survey, settings: SurveySettings) -> datetime:
    """When it opens by itself: never before the event is over."""
    if survey.opens_at is not None:
        return max(survey.opens_at, survey.event.ends_at)
    return survey.event.ends_at + timedelta(hours=settings.opens_after_hours)


def closes_at(survey: Survey, settings: SurveySettings) -> datetime:
    """When it closes by itself: at the moment that staff chose, else at the midnight that ends its last day."""
    if survey.closes_at is not None:
        return survey.closes_at
    opened = local(survey.opened_at or opens_at(survey, settings)).date()
    return from_local(datetime.combine(opened + (settings.closes_after_days + 1) * ONE_DAY, time()))


def last_day(survey: Survey, settings: SurveySettings) -> date:
    """The last day on which it can be answered, in Borås."""
    return local(closes_at(survey, settings) - timedelta(microseconds=1)).date()


def reminder_times(survey: Survey, settings: SurveySettings) -> list[datetime]:
    """When the silent are reminded, three times at most: working days at nine in Borås, never on the last day."""
    opened = local(survey.opened_at or opens_at(survey, settings)).date()
    wanted = {_working_day(opened + days * ONE_DAY) for days in survey.reminder_days if days > 0}
    days = sorted(day for day in wanted if day < last_day(survey, settings))
    return [from_local(datetime.combine(day, AT_NINE)) for day in days[:MOST_REMINDERS]]


def reminders_due(survey: Survey, settings: SurveySettings, at: datetime) -> int:
    """How many of the reminders should have gone out by now."""
    return sum(due_at <= at for due_at in reminder_times(survey, settings))


def takes_answers(survey: Survey, at: datetime) -> bool:
    """By personal links; the clock may be a little late, but the survey is not."""
    return survey.state is SurveyState.OPEN and at < closes_at(survey, survey_settings())


def takes_open_answers(survey: Survey, at: datetime) -> bool:
    """By the code on the last slide: from when the event begins until the survey closes."""
    return not is_before_open_answers(survey, at) and not is_over(survey, at)


def is_before_open_answers(survey: Survey, at: datetime) -> bool:
    return survey.state is SurveyState.DRAFT or (survey.state is SurveyState.READY and at < survey.event.starts_at)


def is_over(survey: Survey, at: datetime) -> bool:
    """Closed, or so late that it should be; a cancelled event asks nobody."""
    if survey.state is SurveyState.CLOSED or survey.event.state is not EventState.PUBLISHED:
        return True
    return at >= closes_at(survey, survey_settings())


def _working_day(day: date) -> date:
    """The day itself when people work then, else the first working day after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


# --- what is due --------------------------------------------------------------------------------------------------


def surveys_with_work(at: datetime) -> list[int]:
    """Ids of the surveys that the clock has something to do about. Few are ready or open at the same time."""
    query = (
        select(Survey)
        .join(Survey.event)
        .options(contains_eager(Survey.event), selectinload(Survey.questions))
        .where(Survey.state.in_((SurveyState.READY, SurveyState.OPEN)), Event.ends_at <= at)
        .where(Event.state == EventState.PUBLISHED)
        .order_by(Survey.id)
    )
    settings = survey_settings()
    return [survey.id for survey in db.session.scalars(query) if work_of(survey, settings, at) is not None]


def work_of(survey: Survey, settings: SurveySettings, at: datetime) -> Work | None:
    """The next thing to do about a survey of a published event, or None."""
    if survey.state is SurveyState.READY:
        return Work.OPEN if _may_open(survey, settings, at) else None
    if survey.state is not SurveyState.OPEN:
        return None
    if at >= closes_at(survey, settings):
        return Work.CLOSE
    if is_anybody_left_to_ask(survey):
        return Work.INVITE
    return Work.REMIND if survey.reminders_sent < reminders_due(survey, settings, at) else None


def _may_open(survey: Survey, settings: SurveySettings, at: datetime) -> bool:
    """It has come to its time, has something to ask, and the doors have said who came."""
    asks = any(question.asked is Asked.ATTENDED for question in survey.questions)
    return asks and opens_at(survey, settings) <= at < closes_at(survey, settings) and not waits_for_doors(survey.event)
