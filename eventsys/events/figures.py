"""An event's numbers over time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from eventsys.clock import local
from eventsys.database import db
from eventsys.events.models import Attendee, Event

MOST_DAYS = 42


@dataclass(frozen=True)
class SignUps:
    """(day, people registered then) in order of time, empty days too; by weeks, the Monday stands for its week."""

    by_week: bool
    counts: list[tuple[date, int]]


def sign_ups(event: Event, at: datetime) -> SignUps:
    """People by the day they were registered, from the first to today or the event's day.

    Over more than six weeks they are counted by week, so that the picture can be read.
    """
    moments = db.session.execute(select(Attendee.created_at).where(Attendee.event_id == event.id)).scalars()
    counted = Counter(local(moment).date() for moment in moments)
    if not counted:
        return SignUps(False, [])
    first, last = min(counted), max(max(counted), min(local(at).date(), local(event.starts_at).date()))
    if (last - first).days < MOST_DAYS:
        return SignUps(False, _each(counted, first, last, step=1))
    weeks: Counter[date] = Counter()
    for day, people in counted.items():
        weeks[_monday(day)] += people
    return SignUps(True, _each(weeks, _monday(first), _monday(last), step=7))


def _each(counted: Counter[date], first: date, last: date, step: int) -> list[tuple[date, int]]:
    days = [first + timedelta(days=number) for number in range(0, (last - first).days + 1, step)]
    return [(day, counted[day]) for day in days]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
