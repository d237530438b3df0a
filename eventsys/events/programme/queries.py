"""What stands in a programme, and who holds which place in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import contains_eager, selectinload

from eventsys.database import db
from eventsys.events.models import SEATED, Attendee, AttendeeState, Event
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot

COMES = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED)
"""Who may be given a place in a session: those whose seat at the event is theirs."""

_SLOTS = (
    select(Slot)
    .options(selectinload(Slot.sessions))
    .where(Slot.event_id.in_(bindparam("event_ids", expanding=True)), Slot.removed_at.is_(None))
    .order_by(Slot.starts_at, Slot.ends_at, Slot.id)
)
_PLACES = (
    select(
        Session.id,
        Session.capacity,
        func.count().filter(SessionChoice.state == ChoiceState.HELD, Attendee.state.in_(SEATED)),
        func.count().filter(SessionChoice.state == ChoiceState.WAITING, Attendee.state.in_(COMES)),
    )
    .join(Session.slot)
    .outerjoin(SessionChoice, and_(SessionChoice.session_id == Session.id, SessionChoice.state != ChoiceState.LEFT))
    .outerjoin(SessionChoice.attendee)
    .where(
        Session.event_id == bindparam("event_id"),
        Slot.has_choice,
        Slot.removed_at.is_(None),
        Session.removed_at.is_(None),
    )
    .group_by(Session.id, Session.capacity)
)


@dataclass(frozen=True)
class SessionPlaces:
    """How the places of a session are used now."""

    capacity: int
    held: int
    waiting: int  # only those who come; who waits for the event itself stands in no session's way

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.held)

    @property
    def open_to_newcomers(self) -> int:
        """While anyone waits, the session is full for newcomers even if a place is free."""
        return 0 if self.waiting else self.left

    def with_one_more(self, waits: bool) -> SessionPlaces:
        """The same after somebody has come, to a place or to the queue."""
        return replace(self, waiting=self.waiting + 1) if waits else replace(self, held=self.held + 1)


def slots_of(event: Event) -> list[Slot]:
    """The programme of an event in time order, with its sessions, in two queries (one when there is none)."""
    return list(db.session.execute(_SLOTS, {"event_ids": [event.id]}).scalars())


def slots_of_events(events: Iterable[Event]) -> dict[int, list[Slot]]:
    """The programmes of many events in two queries: event id -> slots in time order."""
    found: dict[int, list[Slot]] = {event.id: [] for event in events}
    for slot in db.session.execute(_SLOTS, {"event_ids": list(found)}).scalars():
        found[slot.event_id].append(slot)
    return found


def places_in(event: Event) -> dict[int, SessionPlaces]:
    """How the places of every session to choose are used, counted from rows in one query: session id -> places.

    Sessions for everybody are left out: their places are the event's seats.
    """
    counted = db.session.execute(_PLACES, {"event_id": event.id})
    return {session_id: SessionPlaces(capacity, held, waiting) for session_id, capacity, held, waiting in counted}


def held_by(attendee_ids: Sequence[int]) -> dict[int, list[Session]]:
    """The sessions that each of these people holds a place in, in time order: attendee id -> sessions, maybe none.

    What is for everybody is not among them, nor what a person only waits for.
    """
    query = (
        select(SessionChoice)
        .join(SessionChoice.session)
        .join(Session.slot)
        .options(contains_eager(SessionChoice.session).contains_eager(Session.slot))
        .where(SessionChoice.attendee_id.in_(attendee_ids), SessionChoice.state == ChoiceState.HELD)
        .order_by(Slot.starts_at, Slot.id)
    )
    found: dict[int, list[Session]] = {attendee_id: [] for attendee_id in attendee_ids}
    for choice in db.session.execute(query).scalars() if found else ():
        found[choice.attendee_id].append(choice.session)
    return found


def in_sessions(session_ids: Sequence[int]) -> dict[int, tuple[list[Attendee], list[Attendee]]]:
    """Who holds a place in each session, by name, and who queues for it, first come first: session id -> both."""
    query = (
        select(SessionChoice)
        .join(SessionChoice.attendee)
        .options(contains_eager(SessionChoice.attendee).joinedload(Attendee.registration))
        .where(
            SessionChoice.session_id.in_(session_ids),
            SessionChoice.state != ChoiceState.LEFT,
            Attendee.state.in_((*SEATED, AttendeeState.WAITING)),
        )
        .order_by(Attendee.sort_key, Attendee.id)
    )
    found: dict[int, tuple[list[Attendee], list[Attendee]]] = {session_id: ([], []) for session_id in session_ids}
    choices = db.session.execute(query).scalars().all() if found else []
    for choice in choices:
        if choice.state is ChoiceState.HELD:
            found[choice.session_id][0].append(choice.attendee)
    waiting = (one for one in choices if one.state is ChoiceState.WAITING and one.attendee.state in COMES)
    for choice in sorted(waiting, key=lambda one: (one.queued_at, one.id)):
        found[choice.session_id][1].append(choice.attendee)
    return found
