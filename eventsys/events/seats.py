"""Seats: never one too many.

Lock the event's row once per transaction, recount from rows, change, commit. There are no counters. On PostgreSQL the
lock is `SELECT ... FOR NO KEY UPDATE`, on SQLite the whole writing transaction (see database.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import SEATED, Attendee, AttendeeState, Event


@dataclass(frozen=True)
class Seats:
    """How an event's seats are used now."""

    capacity: int
    confirmed: int  # attended and no-shows included: the seat was theirs
    offered: int
    waiting: int

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.confirmed - self.offered)

    @property
    def open_to_newcomers(self) -> int:
        """While anyone waits, the event is full for newcomers even if a seat is free."""
        return 0 if self.waiting else self.left


# Asked again and again while many register: built once, which halves their cost.
_LOCKED = select(Event).where(Event.id == bindparam("event_id")).with_for_update(key_share=True)
_COUNTED = (
    select(Attendee.event_id, Attendee.state, func.count())
    .where(Attendee.event_id.in_(bindparam("event_ids", expanding=True)))
    .group_by(Attendee.event_id, Attendee.state)
)


def locked_event(event_id: int) -> Event:
    """The event, fresh, its seats locked until the transaction ends. Raises NotFound; Busy when the wait is too long.

    What the transaction read before it had the lock is read anew when it is next looked at. The lock is of the kind
    that lets others insert rows that refer to the event (a scan at the door, a message), so that they neither wait nor
    end in a deadlock when they lock the event afterwards.
    """
    db.session.flush()
    db.session.expire_all()
    event = db.session.execute(_LOCKED, {"event_id": event_id}).scalar_one_or_none()
    if event is None:
        raise NotFound
    return event


def seats(event: Event) -> Seats:
    """Count an event's seats from its rows."""
    return seats_of([event])[event.id]


def seats_of(events: Iterable[Event]) -> dict[int, Seats]:
    """Count the seats of several events in one query: event id -> Seats."""
    events = list(events)
    counted = db.session.execute(_COUNTED, {"event_ids": [event.id for event in events]})
    counts: dict[tuple[int, AttendeeState], int] = {(event_id, state): count for event_id, state, count in counted}
    return {event.id: _seats(event, counts) for event in events}


def _seats(event: Event, counts: dict[tuple[int, AttendeeState], int]) -> Seats:
    def number_of(state: AttendeeState) -> int:
        return counts.get((event.id, state), 0)

    return Seats(
        capacity=event.capacity,
        confirmed=sum(number_of(state) for state in SEATED if state is not AttendeeState.OFFERED),
        offered=number_of(AttendeeState.OFFERED),
        waiting=number_of(AttendeeState.WAITING),
    )
