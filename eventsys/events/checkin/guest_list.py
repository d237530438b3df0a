"""The list that a phone at the door keeps: who is expected and who is in. No address, no phone number, no diet.

Tickets are in it as SHA-256 of their codes, cut to 128 bits, so that a lost phone gives away no ticket; the short code
that is printed beside the QR code as 16 bits, enough to find the person by, too little to guess the rest.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventsys.database import db
from eventsys.events.checkin.counting import counts_here, entries_here
from eventsys.events.checkin.finding import SHORT
from eventsys.events.checkin.models import Door, Scan
from eventsys.events.checkin.opening import Hours
from eventsys.events.checkin.pins import Keeper
from eventsys.events.models import Attendee, Registration, RevokedTicket
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice
from eventsys.tokens import TICKET_PREFIX

HASH, SHORT_HASH = 32, 4  # hexadecimal digits


def hash_of(code: str) -> str:
    """What the list holds instead of a ticket's code."""
    return hashlib.sha256(code.encode()).hexdigest()[:HASH]


def short_hash_of(code: str) -> str:
    """What the list holds of the short code that people can read."""
    body = code.removeprefix(TICKET_PREFIX)[:SHORT]
    return hashlib.sha256(body.encode()).hexdigest()[:SHORT_HASH]


def version_of(door: Door, keeper: Keeper) -> str:
    """Changes whenever the list does; cheap to ask for, from three sums over the event's rows."""
    people = db.session.execute(
        select(
            Attendee.state, func.count(), func.sum(Attendee.id), func.sum(Attendee.letter_number),
            func.max(Attendee.checked_in_at),
        ).where(Attendee.event_id == door.event_id).group_by(Attendee.state).order_by(Attendee.state)
    ).all()  # fmt: skip
    scans = db.session.scalar(select(func.max(Scan.id)).where(Scan.event_id == door.event_id))
    choices = db.session.execute(
        select(SessionChoice.state, func.count(), func.sum(SessionChoice.id), func.sum(SessionChoice.session_id))
        .join(Session, Session.id == SessionChoice.session_id)
        .where(Session.event_id == door.event_id)
        .group_by(SessionChoice.state)
        .order_by(SessionChoice.state)
    ).all()
    event = door.event
    facts = (event.title, event.state, event.starts_at, event.ends_at, event.capacity, event.sequence)
    seen = (people, scans, choices, facts, door.name, door.session_id, door.pin_version, keeper)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:20]


def guest_list(door: Door, keeper: Keeper, hours: Hours, at: datetime) -> dict[str, Any]:
    """Everything a phone needs to go on without network, as plain JSON values."""
    event = door.event
    return {
        "at": at.isoformat(),
        "until": hours.ends_at.isoformat(),
        "keeper": keeper.value,
        "event": {"title": event.title, "starts": event.starts_at.isoformat(), "state": event.state.value},
        "door": {"name": door.name, "session": door.session_id},
        "choice": bool(door.session and door.session.slot.has_choice),
        "sessions": _sessions(door),
        "people": _people(door),
        "revoked": _revoked(door.event_id),
        "counts": counts_here(door),
    }


def _people(door: Door) -> list[dict[str, Any]]:
    """`n` number, `c` company, `s` state, `in` came at, `by` at which door, `ses` sessions held, `h` and `k` hashes."""
    query = (
        select(Attendee.id, Attendee.name, Registration.company_name, Attendee.state, Attendee.ticket_code)
        .join(Attendee.registration)
        .where(Attendee.event_id == door.event_id)
        .order_by(Attendee.sort_key, Attendee.id)
    )
    held, entered = _held(door.event_id), entries_here(door)
    return [
        {
            "n": number, "name": name, "c": company, "s": state.value, "ses": held.get(number, []),
            "in": entered[number].at.isoformat() if number in entered else None,
            "by": entered[number].door if number in entered else "",
            "h": hash_of(code), "k": short_hash_of(code),
        }
        for number, name, company, state, code in db.session.execute(query)
    ]  # fmt: skip


def _held(event_id: int) -> dict[int, list[int]]:
    query = (
        select(SessionChoice.attendee_id, SessionChoice.session_id)
        .join(Session, Session.id == SessionChoice.session_id)
        .where(Session.event_id == event_id, SessionChoice.state == ChoiceState.HELD)
    )
    held: dict[int, list[int]] = {}
    for attendee_id, session_id in db.session.execute(query):
        held.setdefault(attendee_id, []).append(session_id)
    return held


def _sessions(door: Door) -> dict[str, str]:
    """Titles by id, with the room."""
    query = select(Session.id, Session.title, Session.room).where(Session.event_id == door.event_id)
    return {str(number): f"{title}, {room}" if room else title for number, title, room in db.session.execute(query)}


def _revoked(event_id: int) -> dict[str, str]:
    """Hashes of codes that were valid once, with the reason."""
    query = (
        select(RevokedTicket.code, RevokedTicket.reason)
        .join(Attendee, Attendee.id == RevokedTicket.attendee_id)
        .where(Attendee.event_id == event_id)
    )
    return {hash_of(code): reason for code, reason in db.session.execute(query)}
