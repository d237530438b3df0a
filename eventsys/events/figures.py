"""An event's numbers over time."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import select

from eventsys.clock import local
from eventsys.database import db
from eventsys.events.models import Attendee, Event

MOST_DAYS = 42


def sign_ups_by_day(event: Event, at: datetime) -> list[tuple[date, int]]:
    """(day, people who were registered then) from the first one to today or the event's day, empty days too.

    Over more than six weeks the first days of weeks stand for their weeks, so that the picture can be read.
    """
    moments = db.session.execute(select(Attendee.created_at).where(Attendee.event_id == event.id)).scalars()
    counted = Counter(local(moment).date() for moment in moments)
    if not counted:
        return []
    first, last = min(counted), max(max(counted), min(local(at).date(), local(event.starts_at).date()))
    if (last - first).days < MOST_DAYS:
        return _each(counted, first, last, step=1)
    weeks: Counter[date] = Counter()
    for day, people in counted.items():
        weeks[_monday(day)] += people
    return _each(weeks, _monday(first), _monday(last), step=7)


def _each(counted: Counter[date], first: date, last: date, step: int) -> list[tuple[date, int]]:
    days = [first + timedelta(days=number) for number in range(0, (last - first).days + 1, step)]
    return [(day, counted[day]) for day in days]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
