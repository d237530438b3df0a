"""Arranging a programme: slots, sessions, their order. Who holds a place in what changes is told once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Event, EventState
from eventsys.events.planning import active_people
from eventsys.events.programme import notices
from eventsys.events.programme.models import ChoiceState, Session, Slot
from eventsys.events.programme.parts import is_course
from eventsys.events.programme.promotion import promote_sessions
from eventsys.events.programme.queries import slots_of
from eventsys.events.programme.shifting import fits
from eventsys.events.programme.telling import (
    choices_of,
    people_by_session,
    people_of,
    tell_changed,
    tell_each,
    tell_everybody,
    tell_if_course,
    tells,
)
from eventsys.events.seats import locked_event
from eventsys.i18n import moment


class CannotArrange(Refused):
    """The programme cannot be so; the text says why and what to do."""


@dataclass(frozen=True)
class Arranged:
    """What a change did: how many people were told, and how many were given a place that came free."""

    told: int = 0
    promoted: int = 0


# --- slots --------------------------------------------------------------------------------------------------------


def add_slot(event_id: int, values: dict[str, Any], sessions: list[dict[str, Any]], at: datetime) -> Slot:
    """A new stretch of the programme (columns of Slot), with its sessions (columns of Session) in this order.

    The same form sent twice finds the first. Raises NotFound, CannotArrange. Flushes, does not commit.
    """
    event = locked_event(event_id)
    if (before := _same_slot(event, values, sessions)) is not None:
        return before
    slot = Slot(event_id=event.id, **values)
    _check_slot(event, slot)
    db.session.add(slot)
    db.session.flush()
    for position, one in enumerate(sessions):
        db.session.add(Session(slot_id=slot.id, event_id=event.id, position=position, **one))
    audit.record("slot.added", f"event:{event.id}", slot=slot.id, sessions=len(sessions))
    tell_if_course(event, at)
    db.session.flush()
    return slot


def _same_slot(event: Event, values: dict[str, Any], sessions: list[dict[str, Any]]) -> Slot | None:
    for slot in slots_of(event):
        alike = all(getattr(slot, name) == value for name, value in values.items())
        if alike and [one.title for one in slot.sessions] == [one["title"] for one in sessions]:
            return slot
    return None


def edit_slot(event_id: int, slot_id: int, values: dict[str, Any], at: datetime) -> Arranged:
    """Change a slot. A new time is told to those with a place or a place in the queue; for a course, to everybody.

    Raises NotFound, CannotArrange. Flushes, does not commit.
    """
    event = locked_event(event_id)
    slot = slot_in(event, slot_id)
    before = (slot.starts_at, slot.ends_at)
    if values.get("has_choice", slot.has_choice) != slot.has_choice and people_of(slot.sessions):
        raise CannotArrange("Deltagare har redan valt här. Ta bort passen och lägg till nya i stället.")
    for field, value in values.items():
        setattr(slot, field, value)
    _check_slot(event, slot)
    audit.record("slot.edited", f"event:{event.id}", slot=slot.id)
    moved = (slot.starts_at, slot.ends_at) != before
    told = _tell_moved(event, slot, at) if moved else 0
    db.session.flush()
    return Arranged(told, len(promote_sessions(event, at)))


def _tell_moved(event: Event, slot: Slot, at: datetime) -> int:
    told = tell_if_course(event, at)
    if not told and slot.has_choice:
        told = tell_changed(event, slot.sessions, at)
    return told


def remove_slot(event_id: int, slot_id: int, at: datetime) -> Arranged:
    """Take a slot out of the programme with all its sessions; who chose one of them is told.

    Raises NotFound. Flushes, does not commit.
    """
    event = locked_event(event_id)
    slot = slot_in(event, slot_id)
    was_course = is_course(slots_of(event))
    told = _take_out(event, list(slot.sessions), at)
    if event.state is EventState.DRAFT:
        db.session.delete(slot)
    else:
        slot.removed_at = at
    db.session.flush()
    audit.record("slot.removed", f"event:{event.id}", slot=slot_id)
    told = tell_everybody(event, at) if was_course else told
    return Arranged(told)


def _check_slot(event: Event, slot: Slot) -> None:
    if slot.ends_at <= slot.starts_at:
        raise CannotArrange("Sluttiden måste vara efter starttiden.")
    if not fits(event, slot):
        raise CannotArrange(
            f"Tiden ligger utanför evenemanget, som börjar {moment(event.starts_at)} och slutar "
            f"{moment(event.ends_at)}. Ändra tiden här, eller evenemangets tid under Inställningar."
        )
    with db.session.no_autoflush:
        others = [other for other in slots_of(event) if other is not slot and other.has_choice]
    overlapping = [one for one in others if one.starts_at < slot.ends_at and slot.starts_at < one.ends_at]
    if slot.has_choice and overlapping:
        name = overlapping[0].name or moment(overlapping[0].starts_at)
        raise CannotArrange(
            f"Tiden krockar med {name}. Den som väljer pass i båda kan inte vara på två ställen. Välj en annan tid."
        )


# --- sessions -----------------------------------------------------------------------------------------------------


def add_session(event_id: int, slot_id: int, values: dict[str, Any]) -> Session:
    """One more session to choose in a slot, last in its order. The same form sent twice finds the first.

    Raises NotFound, CannotArrange. Flushes, does not commit.
    """
    event = locked_event(event_id)
    slot = slot_in(event, slot_id)
    if (before := next((one for one in slot.sessions if one.title == values["title"]), None)) is not None:
        return before
    if not slot.has_choice and slot.sessions:
        raise CannotArrange("Här finns redan en punkt för alla. Gör punkten valbar för att lägga till fler pass.")
    position = max((one.position for one in slot.sessions), default=-1) + 1
    session = Session(slot_id=slot.id, event_id=event.id, position=position, **values)
    db.session.add(session)
    db.session.flush()
    audit.record("session.added", f"event:{event.id}", session=session.id)
    return session


def edit_session(event_id: int, session_id: int, values: dict[str, Any], at: datetime) -> Arranged:
    """Change a session. A new room is told to those who hold a place; more places go to the queue at once.

    Fewer places than people is allowed: nobody loses a place. Raises NotFound. Flushes, does not commit.
    """
    event = locked_event(event_id)
    session = session_in(event, session_id)
    room = session.room
    for field, value in values.items():
        setattr(session, field, value)
    audit.record("session.edited", f"event:{event.id}", session=session.id, fields=sorted(values))
    told = 0
    if session.room != room:
        told = tell_changed(event, [session], at) if session.slot.has_choice else tell_if_course(event, at)
    db.session.flush()
    return Arranged(told, len(promote_sessions(event, at)))


def remove_session(event_id: int, session_id: int, at: datetime) -> Arranged:
    """Take a session out of the programme. Its people are moved nowhere; they are told to choose another.

    Raises NotFound. Flushes, does not commit.
    """
    event = locked_event(event_id)
    session = session_in(event, session_id)
    told = _take_out(event, [session], at)
    audit.record("session.removed", f"event:{event.id}", session=session_id)
    return Arranged(told, len(promote_sessions(event, at)))


def move_session(event_id: int, session_id: int, up: bool) -> None:
    """One step up or down among the sessions side by side. Raises NotFound. Flushes, does not commit."""
    event = locked_event(event_id)
    session = session_in(event, session_id)
    row = list(session.slot.sessions)
    here = row.index(session)
    there = max(0, here - 1) if up else min(len(row) - 1, here + 1)
    row.insert(there, row.pop(here))
    for position, one in enumerate(row):
        one.position = position
    db.session.flush()


def slot_in(event: Event, slot_id: int) -> Slot:
    """A slot of this event's programme. Raises NotFound."""
    slot = db.session.get(Slot, slot_id)
    if slot is None or slot.event_id != event.id or slot.removed_at is not None:
        raise NotFound
    return slot


def session_in(event: Event, session_id: int) -> Session:
    """A session of this event's programme. Raises NotFound."""
    session = db.session.get(Session, session_id)
    if session is None or session.event_id != event.id or session.removed_at is not None:
        raise NotFound
    return session


def people_to_tell(event: Event, slot: Slot, session: Session | None = None) -> int:
    """How many get a letter when this slot, or one session of it, moves or is taken out of the programme."""
    if session is None and is_course(slots_of(event)):
        return len(active_people(event))
    return len(people_of([session] if session else list(slot.sessions))) if slot.has_choice else 0


def _take_out(event: Event, sessions: list[Session], at: datetime) -> int:
    if event.state is EventState.DRAFT:
        _delete(sessions)
        return 0
    people = people_by_session(sessions)
    for choice in choices_of(sessions):
        choice.state, choice.left_at = ChoiceState.LEFT, at
    for session in sessions:
        session.removed_at = at
    db.session.flush()
    return tell_each(notices.tell_session_removed, people) if tells(event, at) else 0


def _delete(sessions: list[Session]) -> None:
    db.session.execute(delete(Session).where(Session.id.in_([session.id for session in sessions])))
    for slot in {session.slot for session in sessions}:
        db.session.expire(slot, ["sessions"])
