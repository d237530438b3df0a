"""When each round of letters about an event goes out, and until when it is of any use. Pure: no query, no clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from eventsys.clock import from_local, local
from eventsys.events.deadlines import is_working_day
from eventsys.events.models import DayBefore, Event
from eventsys.events.reminders.models import ReminderKind

AT_NINE = time(9)
ONE_DAY = timedelta(days=1)
WEEK_ENDS_BEFORE_START = timedelta(days=3)  # closer than this, the letter of the day before says the same
AFTER_ENDS_AFTER_END = timedelta(days=10)
OF_THE_CLOCK = (ReminderKind.WEEK, ReminderKind.DAY, ReminderKind.COMING, ReminderKind.AFTER)


def due_times(event: Event) -> dict[ReminderKind, datetime]:
    """What the event's settings ask for, and when it is due: always a working day at nine in Borås."""
    return {kind: due_at for kind, due_at in possible_times(event).items() if asks_for(event, kind)}


def possible_times(event: Event) -> dict[ReminderKind, datetime]:
    """When each round would be due if it were asked for."""
    begins, ends = local(event.starts_at).date(), local(event.ends_at).date()
    days = {
        ReminderKind.WEEK: _nearest_before(begins - 7 * ONE_DAY),
        ReminderKind.DAY: _nearest_before(begins - ONE_DAY),
        ReminderKind.COMING: _nearest_before(begins - ONE_DAY),
        ReminderKind.AFTER: _first_after(ends),
    }
    return {kind: from_local(datetime.combine(day, AT_NINE)) for kind, day in days.items()}


def asks_for(event: Event, kind: ReminderKind) -> bool:
    """Whether the event's settings ask for this round of letters."""
    return {
        ReminderKind.WEEK: event.remind_week,
        ReminderKind.DAY: event.day_before is DayBefore.REMIND,
        ReminderKind.COMING: event.day_before is DayBefore.ASK,
        ReminderKind.AFTER: event.says_thanks,
    }.get(kind, True)


def of_use_until(event: Event, kind: ReminderKind) -> datetime:
    """After this the letters come too late and are not sent at all.

    A week's reminder is no use three days before. The question of the day before is of use while a seat that is given
    up can still be offered to the queue. Thanks are not sent when ten days have passed, and
    who has not answered an invitation is reminded as long as they can answer.
    """
    if kind is ReminderKind.WEEK:
        return event.starts_at - WEEK_ENDS_BEFORE_START
    if kind is ReminderKind.AFTER:
        return event.ends_at + AFTER_ENDS_AFTER_END
    return event.registration_closes_at if kind is ReminderKind.SILENT else event.offers_end_at


def _nearest_before(day: date) -> date:
    """The day itself when people work then, else the last working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def _first_after(day: date) -> date:
    day += ONE_DAY
    while not is_working_day(day):
        day += ONE_DAY
    return day
