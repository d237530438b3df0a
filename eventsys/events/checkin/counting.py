"""How many are in, and how many are expected: by the event, by room and by door; and what staff should look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.events.checkin.models import Door, Scan, ScanAct, ScanResult
from eventsys.events.models import Attendee, AttendeeState, Event, Registration
from eventsys.events.programme.queries import places_in, slots_of

EXPECTED = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW)


@dataclass(frozen=True)
class Entered:
    """When somebody came in, and by which door (empty when staff ticked the person off)."""

    at: datetime
    door: str


@dataclass(frozen=True)
class Count:
    """A place: its name, how many are in, how many are expected there."""

    name: str
    inside: int
    expected: int


def entries_here(door: Door) -> dict[int, Entered]:
    """Who is in at this door's place: attendee id -> when and where. At the event's doors whoever came is in."""
    entries = _entries(door.event_id, door.session_id)
    if door.session_id is not None:
        return entries
    elsewhere = _entries(door.event_id, None, anywhere=True)
    query = select(Attendee.id, Attendee.checked_in_at, Attendee.created_at).where(
        Attendee.event_id == door.event_id, Attendee.state == AttendeeState.ATTENDED
    )
    came = {number: checked_in or created for number, checked_in, created in db.session.execute(query)}
    by = {**elsewhere, **entries}
    return {number: Entered(at, by[number].door if number in by else "") for number, at in came.items()}


def _entries(event_id: int, session_id: int | None, anywhere: bool = False) -> dict[int, Entered]:
    query = (
        select(Scan.attendee_id, Scan.at, Scan.client_at, Scan.was_offline, Door.name)
        .join(Scan.door)
        .join(Scan.attendee)
        .where(Scan.event_id == event_id, Scan.is_entry, Attendee.state == AttendeeState.ATTENDED)
        .order_by(Scan.id.desc())  # the first one stays
    )
    if not anywhere:
        query = query.where(Scan.session_id == session_id if session_id else Scan.session_id.is_(None))
    rows = db.session.execute(query)
    return {number: Entered((offline and told) or at, name) for number, at, told, offline, name in rows if number}


def counts_here(door: Door) -> dict[str, int]:
    """In and expected at this door's place."""
    if door.session is None:
        count = event_count(door.event)
        return {"in": count.inside, "expected": count.expected}
    inside = _inside_rooms(door.event_id).get(door.session.id, 0)
    places = places_in(door.event).get(door.session.id)
    return {"in": inside, "expected": places.held if places else event_count(door.event).expected}


def event_count(event: Event) -> Count:
    """The whole event."""
    query = select(Attendee.state, func.count()).where(Attendee.event_id == event.id).group_by(Attendee.state)
    counted: dict[AttendeeState, int] = dict(db.session.execute(query).all())
    expected = sum(counted.get(state, 0) for state in EXPECTED)
    return Count("Hela evenemanget", counted.get(AttendeeState.ATTENDED, 0), expected)


def room_counts(event: Event) -> list[Count]:
    """Each session where there is a choice, or where somebody has been let in, in the programme's order."""
    inside, places = _inside_rooms(event.id), places_in(event)
    everybody = event_count(event).expected
    return [
        Count(
            f"{session.title}, {session.room}" if session.room else session.title,
            inside.get(session.id, 0),
            places[session.id].held if session.id in places else everybody,
        )
        for slot in slots_of(event)
        for session in slot.sessions
        if session.id in places or session.id in inside
    ]


def _inside_rooms(event_id: int) -> dict[int, int]:
    query = (
        select(Scan.session_id, func.count())
        .join(Scan.attendee)
        .where(Scan.event_id == event_id, Scan.is_entry, Scan.session_id.is_not(None))
        .where(Attendee.state == AttendeeState.ATTENDED)
        .group_by(Scan.session_id)
    )
    rows = db.session.execute(query)
    return {session_id: count for session_id, count in rows if session_id is not None}


def door_counts(event_id: int) -> dict[int, int]:
    """How many came in by each door: door id -> number."""
    query = select(Scan.door_id, func.count()).where(Scan.event_id == event_id, Scan.is_entry).group_by(Scan.door_id)
    return dict(db.session.execute(query).all())


def doors_of(event_id: int) -> list[Door]:
    """The event's doors, open ones first, in the order they were made."""
    query = (
        select(Door)
        .options(joinedload(Door.session), joinedload(Door.event))
        .where(Door.event_id == event_id)
        .order_by(Door.closed_at.is_not(None), Door.id)
    )
    return list(db.session.execute(query).scalars())


def latest_scans(event_id: int, most: int = 12) -> list[Scan]:
    """What was done at the doors, newest first."""
    return _scans(event_id, most)


def to_look_at(event_id: int) -> list[Scan]:
    """Who was let in while a phone was offline although the list says otherwise, newest first."""
    odd = Scan.was_offline & Scan.result.not_in((ScanResult.WELCOME, ScanResult.UNDONE))
    return _scans(event_id, 200, odd)


def walk_ins(event_id: int) -> list[Scan]:
    """Those let in without registration, newest first."""
    return _scans(event_id, 1000, (Scan.act == ScanAct.WALK_IN) & (Scan.result == ScanResult.WELCOME))


def _scans(event_id: int, most: int, *conditions: ColumnElement[bool]) -> list[Scan]:
    query = (
        select(Scan)
        .options(joinedload(Scan.door), joinedload(Scan.attendee).joinedload(Attendee.registration))
        .where(Scan.event_id == event_id, *conditions)
        .order_by(Scan.at.desc(), Scan.id.desc())
    )
    return list(db.session.execute(query.limit(most)).scalars())


def company_of(scan: Scan) -> str:
    """The company of the person on a scan, empty when there is none."""
    booking: Registration | None = scan.attendee.registration if scan.attendee else None
    return booking.company_name if booking else ""


def first_entries_of(attendee_ids: Collection[int]) -> dict[int | None, Scan]:
    """The first entry of each of these people that counts, wherever it was: attendee id -> entry."""
    query = (
        select(Scan)
        .options(joinedload(Scan.door))
        .where(Scan.attendee_id.in_(attendee_ids), Scan.is_entry)
        .order_by(Scan.id.desc())  # the first one stays
    )
    return {scan.attendee_id: scan for scan in db.session.execute(query).scalars()}
