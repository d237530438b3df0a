"""A new event as the form gives it, once however often the form is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from eventsys.clock import from_local, local, now
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.events.planning import copy_event, event_from_series
from eventsys.events.seats import locked_event
from eventsys.events.series import latest_event, locked_series
from eventsys.events.topics.points import copy_points

SAME_FORM_WITHIN = timedelta(minutes=10)
A_SEASON = 13  # weeks


def draft_event(series_id: int, values: dict[str, Any]) -> Event:
    """A draft of the series with these values (columns of Event; title, starts_at and ends_at among them).

    The same form sent twice finds the first draft. Raises NotFound. Flushes, does not commit.
    """
    series = locked_series(series_id)
    if (before := _just_begun(series_id, values["title"], values["starts_at"])) is not None:
        return before
    event = event_from_series(series, values["title"], values["starts_at"], values["ends_at"])
    for field, value in values.items():
        setattr(event, field, value)
    db.session.flush()
    return event


def draft_copy(event_id: int, title: str, starts_at: datetime, takes_points: bool = False) -> Event:
    """A draft with everything of an event but its people and posters. The same form sent twice finds the first copy.

    Registration opens and closes as long before as it did. What was not brought up goes along when wanted.
    Raises NotFound. Flushes, does not commit.
    """
    original = locked_event(event_id)
    locked_series(original.series_id)
    if (before := _just_begun(original.series_id, title, starts_at)) is not None:
        return before
    copy = copy_event(original, starts_at)
    copy.title = title
    _move_registration(original, copy)
    if takes_points:
        copy_points(original, copy, now())
    db.session.flush()
    return copy


def _move_registration(original: Event, copy: Event) -> None:
    """At the same time of day on the wall, so many days before; never after the new start."""
    days = local(copy.starts_at).date() - local(original.starts_at).date()
    for field in ("opens_at", "closes_at"):
        if (moment := getattr(original, field)) is not None:
            moved = from_local(local(moment).replace(tzinfo=None) + days)
            setattr(copy, field, min(moved, copy.starts_at))


def day_for_copy(event: Event, today: date) -> date:
    """What to propose: the same weekday next year; in a series that meets often, after the last one, at its pace.

    Never a day that has been, nor one before the series' last event.
    """
    weeks = _weeks_between(event)
    latest = latest_event(event.series)
    last = max(today, local((latest or event).starts_at).date())
    day = local(event.starts_at).date() + weeks
    while day <= last:
        day += weeks
    return day


def _weeks_between(event: Event) -> timedelta:
    """How long after the one before the event came, in whole weeks; a year's weeks when that is more than a season."""
    query = select(Event.starts_at).where(
        Event.series_id == event.series_id, Event.starts_at < event.starts_at, Event.state != EventState.CANCELLED
    )
    before = db.session.scalars(query.order_by(Event.starts_at.desc()).limit(1)).first()
    weeks = round((event.starts_at - before) / timedelta(weeks=1)) if before else 52
    return timedelta(weeks=max(1, weeks) if weeks <= A_SEASON else 52)


def _just_begun(series_id: int, title: str, starts_at: datetime) -> Event | None:
    query = select(Event).where(
        Event.series_id == series_id,
        Event.title == title,
        Event.starts_at == starts_at,
        Event.state == EventState.DRAFT,
        Event.created_at > now() - SAME_FORM_WITHIN,
    )
    return db.session.execute(query.order_by(Event.id)).scalars().first()
