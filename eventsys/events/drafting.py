"""A new event as the form gives it, once however often the form is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import Event, EventState, Series
from eventsys.events.planning import copy_event, event_from_series
from eventsys.events.seats import locked_event

SAME_FORM_WITHIN = timedelta(minutes=10)


def draft_event(series_id: int, values: dict[str, Any]) -> Event:
    """A draft of the series with these values (columns of Event; title, starts_at and ends_at among them).

    The same form sent twice finds the first draft. Raises NotFound. Flushes, does not commit.
    """
    series = _locked_series(series_id)
    if (before := _just_begun(series_id, values["title"], values["starts_at"])) is not None:
        return before
    event = event_from_series(series, values["title"], values["starts_at"], values["ends_at"])
    for field, value in values.items():
        setattr(event, field, value)
    db.session.flush()
    return event


def draft_copy(event_id: int, title: str, starts_at: datetime) -> Event:
    """A draft with everything of an event but its people. The same form sent twice finds the first copy.

    Raises NotFound. Flushes, does not commit.
    """
    original = locked_event(event_id)
    _locked_series(original.series_id)
    if (before := _just_begun(original.series_id, title, starts_at)) is not None:
        return before
    copy = copy_event(original, starts_at)
    copy.title = title
    db.session.flush()
    return copy


def _locked_series(series_id: int) -> Series:
    series = db.session.execute(select(Series).where(Series.id == series_id).with_for_update()).scalar_one_or_none()
    if series is None:
        raise NotFound
    return series


def _just_begun(series_id: int, title: str, starts_at: datetime) -> Event | None:
    query = select(Event).where(
        Event.series_id == series_id,
        Event.title == title,
        Event.starts_at == starts_at,
        Event.state == EventState.DRAFT,
        Event.created_at > now() - SAME_FORM_WITHIN,
    )
    return db.session.execute(query.order_by(Event.id)).scalars().first()
