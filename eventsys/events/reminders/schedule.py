"""The rows that say when an event's letters by the clock go out, kept in step with the event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eventsys import audit
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.events.reminders.due import OF_THE_CLOCK, due_times
from eventsys.events.reminders.models import Reminder, ReminderKind


def schedule_reminders(event: Event, at: datetime) -> None:
    """Make the event's rows say what its date and settings ask for. Called whenever an event is published or changed.

    What would have been due before `at` is not sent late: those who are registered have just been told by other
    letters. A round that has gone out is opened again when the date moves, for those who did not get it; nobody gets
    the same kind twice. Under the event's lock. Flushes, does not commit.
    """
    wanted = due_times(event) if event.state is EventState.PUBLISHED else {}
    known = {row.kind: row for row in reminders_of(event.id)}
    for kind in OF_THE_CLOCK:
        _set(event, kind, known.get(kind), wanted.get(kind), at)
    db.session.flush()


def _set(event: Event, kind: ReminderKind, row: Reminder | None, due_at: datetime | None, at: datetime) -> None:
    if row is not None and row.due_at == due_at:
        return
    if due_at is None or due_at <= at:
        _drop(row)
    elif row is None:
        db.session.add(Reminder(event_id=event.id, kind=kind, due_at=due_at, posted=0))
    else:
        row.due_at, row.finished_at = due_at, None


def _drop(row: Reminder | None) -> None:
    """What has gone out stays, as history."""
    if row is not None and row.finished_at is None:
        db.session.delete(row)


def leave_out_thanks(event: Event, at: datetime) -> None:
    """Another letter says thanks: the event's own to those who came, and to those who did not, is switched off.

    Under the event's lock. Flushes, does not commit.
    """
    if event.says_thanks:
        event.says_thanks = False
        audit.record("event.edited", f"event:{event.id}", fields=["says_thanks"])
        schedule_reminders(event, at)


def reminders_of(event_id: int) -> list[Reminder]:
    """Every round of an event, soonest first."""
    query = select(Reminder).where(Reminder.event_id == event_id).order_by(Reminder.due_at, Reminder.id)
    return list(db.session.execute(query).scalars())
