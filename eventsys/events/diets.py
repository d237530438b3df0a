"""Diet is health data: it goes the day after the event, by the clock, whatever else is kept."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Select, delete, exists, select

from eventsys import audit
from eventsys.clock import from_local, local
from eventsys.database import db
from eventsys.events.models import Attendee, Diet, Event


def diets_to_forget(at: datetime) -> bool:
    """Whether anything is kept of an event that ended before today."""
    return bool(db.session.scalar(select(exists().where(Diet.attendee_id.in_(_of_past_events(at))))))


def forget_diets(at: datetime) -> int:
    """Delete what people eat of every event that ended before today (Swedish time). Returns how many rows went.

    Flushes, does not commit. The audit trail notes how many, never whose or what.
    """
    gone = db.session.execute(
        delete(Diet)
        .where(Diet.attendee_id.in_(_of_past_events(at)))
        .returning(Diet.attendee_id)
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        audit.record("diet.forgotten", "events", rows=len(gone))
    return len(gone)


def diets_are_gone(event: Event, at: datetime) -> bool:
    """Whether the event ended before today, so that what people wrote is no longer kept."""
    return event.ends_at < _midnight(at)


def _of_past_events(at: datetime) -> Select[int]:
    return select(Attendee.id).join(Attendee.event).where(Event.ends_at < _midnight(at))


def _midnight(at: datetime) -> datetime:
    return from_local(datetime.combine(local(at).date(), time.min))
