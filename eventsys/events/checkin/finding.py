"""Whose ticket was shown: by its QR code, by the short code beside it, or by the person picked from the list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.events.checkin.models import ScanResult
from eventsys.events.models import Attendee, Event, RevokedTicket
from eventsys.tokens import TICKET_PREFIX, looks_like_ticket

SHORT = 8  # characters of the short code, see tokens.human_code


@dataclass(frozen=True)
class Found:
    """A person of this event, or why not. `other` is the event that a ticket of another one is for."""

    attendee: Attendee | None = None
    refusal: ScanResult | None = None
    other: Event | None = None


def by_number(event_id: int, attendee_id: int) -> Found:
    """The person picked from the list."""
    attendee = _one(event_id, Attendee.id == attendee_id)
    return Found(attendee) if attendee else Found(refusal=ScanResult.UNKNOWN)


def by_code(event_id: int, typed: str) -> Found:
    """Who holds the ticket with this code; lower case, spaces and hyphens are as good."""
    code = typed.upper().replace("-", "").replace(" ", "")
    if looks_like_ticket(code):
        return _by_ticket(event_id, code)
    if len(code) == SHORT and code.isascii() and code.isalnum():
        return _by_short_code(event_id, code)
    return Found(refusal=ScanResult.UNKNOWN)


def _by_ticket(event_id: int, code: str) -> Found:
    query = select(Attendee).options(joinedload(Attendee.registration)).where(Attendee.ticket_code == code)
    attendee = db.session.execute(query).scalar_one_or_none()
    if attendee is None:
        return _revoked(event_id, code)
    if attendee.event_id != event_id:
        return Found(refusal=ScanResult.WRONG_EVENT, other=attendee.event)
    return Found(attendee)


def _revoked(event_id: int, code: str) -> Found:
    """Who has cancelled is told so; a ticket that was handed on says nothing about who has it now."""
    revoked = db.session.get(RevokedTicket, code)
    if revoked is None:
        return Found(refusal=ScanResult.UNKNOWN)
    if revoked.reason != "cancelled":
        return Found(refusal=ScanResult.REVOKED)
    return Found(_one(event_id, Attendee.id == revoked.attendee_id), ScanResult.CANCELLED)


def _by_short_code(event_id: int, code: str) -> Found:
    attendee = _one(event_id, Attendee.ticket_code.startswith(TICKET_PREFIX + code))
    return Found(attendee) if attendee else Found(refusal=ScanResult.UNKNOWN)


def _one(event_id: int, condition: object) -> Attendee | None:
    query = (
        select(Attendee).options(joinedload(Attendee.registration)).where(Attendee.event_id == event_id, condition)  # type: ignore[arg-type]
    )
    return db.session.execute(query.limit(1)).scalar_one_or_none()
