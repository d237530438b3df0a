"""The only place where an attendee's state changes."""

from __future__ import annotations

from datetime import datetime

from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.models import ACTIVE, TRANSITIONS, Attendee, AttendeeState, RevokedTicket
from eventsys.events.programme.leaving import leave_sessions
from eventsys.tokens import new_ticket_code

_HAS_TICKET = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW)


class NotPossible(Refused):
    """The table of transitions does not allow this change."""


def move(attendee: Attendee, to: AttendeeState, at: datetime) -> None:
    """Change the state by the table, with its times; leaving revokes the ticket, hands on the address and
    leaves the sessions; the caller gives on what comes free.

    Who is ticked off at the door or afterwards gets no letter about it, so the ticket that is under way stays right;
    every other change replaces the letters before. Raises NotPossible. Under the event's lock.
    """
    if to not in TRANSITIONS[attendee.state]:
        raise NotPossible(f"{attendee.state} -> {to}")
    if attendee.state not in _HAS_TICKET or to not in _HAS_TICKET:
        attendee.letter_number += 1
    attendee.state = to
    if to is AttendeeState.CONFIRMED:
        attendee.confirmed_at = attendee.confirmed_at or at
        attendee.offer_ends_at = None
    if to not in ACTIVE:
        attendee.left_at = at
        attendee.offer_ends_at = None
        revoke_ticket(attendee, at, "cancelled")
        _hand_on_address(attendee)
        leave_sessions(attendee, at)


def revoke_ticket(attendee: Attendee, at: datetime, reason: str) -> None:
    """Give the attendee a new ticket code; the old one answers "revoked" from now on."""
    db.session.add(RevokedTicket(code=attendee.ticket_code, attendee_id=attendee.id, revoked_at=at, reason=reason))
    attendee.ticket_code = new_ticket_code()


def _hand_on_address(attendee: Attendee) -> None:
    """A colleague in the booking who shares the address holds it from now on, when the one who leaves held it."""
    if attendee.address_claim is None:
        return
    for colleague in attendee.registration.attendees:
        if colleague.is_active and colleague.email_key == attendee.address_claim:
            db.session.flush()  # the one who leaves lets go first
            colleague.address_claim = colleague.email_key
            return
