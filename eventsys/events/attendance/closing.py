"""After the event: who had a seat and never came is a no-show, and the queue has ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.attendance.marking import Marked, note_marking
from eventsys.events.models import Attendee, AttendeeState, Event, EventState
from eventsys.events.queries import people_in_state
from eventsys.events.seats import locked_event
from eventsys.events.states import move

PATIENCE = timedelta(hours=2)  # doors without network upload late
IN_QUEUE = (AttendeeState.WAITING, AttendeeState.OFFERED)


class NotOver(Refused):
    """The event has not ended, or was never held."""


def close_attendance(event_id: int, at: datetime) -> int:
    """Make everybody with a seat who has not come a no-show, end the queue, note when; returns how many no-shows.

    Again on a closed event changes nothing but what is left to change: `attendance_closed_at` stays.
    Raises NotOver, NotFound. Flushes, does not commit.
    """
    event = _ended(event_id, at)
    absent = people_in_state(event, AttendeeState.CONFIRMED)
    for attendee in absent:
        move(attendee, AttendeeState.NO_SHOW, at)
    end_queue(event, at)
    if event.attendance_closed_at is None:
        event.attendance_closed_at = at
        audit.record("attendance.closed", f"event:{event.id}", no_shows=len(absent))
    db.session.flush()
    return len(absent)


def settle(event_id: int, at: datetime) -> None:
    """What the clock does after an event: end the queue; close the attendance if anybody was checked in at a door.

    Where nobody was, the doors were not used, and who came is for staff to say. Raises NotFound. Flushes.
    """
    event = locked_event(event_id)
    if not _is_due(event, at):
        return
    if event.attendance_closed_at is None and _somebody_was_checked_in(event):
        close_attendance(event_id, at)
    else:
        end_queue(event, at)
        db.session.flush()


def tell_who_came(event_id: int, came: Collection[int], at: datetime) -> Marked:
    """Staff say who came of those not marked yet: these came, the others did not; the attendance is closed.

    Can be undone as one (see marking.undo). Raises NotOver, NotFound. Flushes, does not commit.
    """
    event = _ended(event_id, at)
    wanted, unmarked = set(came), people_in_state(event, AttendeeState.CONFIRMED)
    present = [attendee for attendee in unmarked if attendee.id in wanted]
    absent = [attendee for attendee in unmarked if attendee.id not in wanted]
    closes = event.attendance_closed_at is None
    for attendee in present:
        move(attendee, AttendeeState.ATTENDED, at)
    for attendee in absent:
        move(attendee, AttendeeState.NO_SHOW, at)
    end_queue(event, at)
    event.attendance_closed_at = event.attendance_closed_at or at
    return note_marking(event, {AttendeeState.ATTENDED: present, AttendeeState.NO_SHOW: absent}, closes)


def end_queue(event: Event, at: datetime) -> None:
    """Nobody waits for an event that is over. Under its lock; no letter says so."""
    for attendee in people_in_state(event, *IN_QUEUE):
        move(attendee, AttendeeState.EXPIRED, at)


def has_ended(event: Event, at: datetime) -> bool:
    """Whether it was held and is over."""
    return event.state is EventState.PUBLISHED and at >= event.ends_at


def waits_for_doors(event: Event) -> bool:
    """Whether people were checked in, and the clock has not yet said who did not come."""
    return event.attendance_closed_at is None and _somebody_was_checked_in(event)


def _ended(event_id: int, at: datetime) -> Event:
    event = locked_event(event_id)
    if not has_ended(event, at):
        raise NotOver
    return event


def _is_due(event: Event, at: datetime) -> bool:
    return event.state is EventState.PUBLISHED and event.ends_at <= at - PATIENCE


def _somebody_was_checked_in(event: Event) -> bool:
    return bool(db.session.scalar(select(exists().where(Attendee.event_id == event.id, _checked_in()))))


def _checked_in() -> ColumnElement[bool]:
    """At a door: whom staff marked afterwards has no time."""
    return (Attendee.state == AttendeeState.ATTENDED) & Attendee.checked_in_at.is_not(None)


# --- what is due --------------------------------------------------------------------------------------------------


def events_to_settle(at: datetime) -> list[int]:
    """Ids of the events that `settle` has work with, for the clock."""
    closable = Event.attendance_closed_at.is_(None) & _has(_checked_in())
    query = _over(at - PATIENCE).where(closable | _has(Attendee.state.in_(IN_QUEUE)))
    return list(db.session.execute(query.with_only_columns(Event.id)).scalars())


def events_nobody_marked(reach: ColumnElement[bool], at: datetime) -> list[Event]:
    """Past events within reach where staff have to say who came, newest first: nobody was checked in at a door."""
    query = (
        _over(at)
        .where(reach, Event.attendance_closed_at.is_(None))
        .where(_has(Attendee.state == AttendeeState.CONFIRMED), ~_has(_checked_in()))
        .order_by(Event.ends_at.desc(), Event.id)
    )
    return list(db.session.execute(query).scalars())


def asks_who_came(event: Event, at: datetime) -> bool:
    """Whether staff have to say who came to this event."""
    return bool(event.ends_at <= at and events_nobody_marked(Event.id == event.id, at))


def _over(at: datetime) -> Select[Event]:
    return select(Event).where(Event.state == EventState.PUBLISHED, Event.ends_at <= at)


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Attendee.event_id == Event.id, condition)
