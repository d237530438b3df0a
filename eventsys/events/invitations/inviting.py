"""The guest list: who is on it, and who is taken off it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventsys import audit
from eventsys.companies.register import known_company
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import chosen, registered_under
from eventsys.events.models import Event, Registration
from eventsys.events.seats import locked_event
from eventsys.names import sort_key
from eventsys.tokens import new_token

# Those who can come back to the list: nothing was promised to them.
_MAY_RETURN = (InvitationState.WITHDRAWN, InvitationState.REFUSED, InvitationState.REQUESTED)


class ListClosed(Refused):
    """The event is cancelled or has begun, so nobody more is invited."""


@dataclass(frozen=True)
class Guest:
    """Somebody to invite, as plain values; `email_key` as `forms.normal_email` gives it."""

    email: str
    email_key: str
    name: str = ""
    company_name: str = ""
    company_number: str | None = None
    phone: str = ""
    lang: str = "sv"


@dataclass(frozen=True)
class Invited:
    """What became of a list of guests: how many are new on it, were on it before, and are registered already."""

    new: int
    known: int
    registered: int


def invite(event_id: int, guests: Iterable[Guest], at: datetime, origin: str) -> Invited:
    """Put guests on the event's list; nothing is sent. `origin` says where they come from, as staff read it.

    One invitation for each address: who is on the list stays as they are, and who was taken off it, or asked for a
    place, is put on it now. An address that is registered already counts as a yes with that person's seat.
    Raises NotFound, ListClosed. Flushes, does not commit.
    """
    event = locked_event(event_id)
    if event.cancelled_at is not None or at >= event.starts_at:
        raise ListClosed("Evenemanget har börjat eller är inställt, så ingen fler kan bjudas in.")
    by_address = {guest.email_key: guest for guest in guests}
    before = _on_the_list(event, by_address)
    added = [_listed(event, guest, at, origin) for key, guest in by_address.items() if key not in before]
    returned = [_return_to_list(one, origin, at) for one in before.values() if one.state in _MAY_RETURN]
    db.session.add_all(added)
    db.session.flush()
    registered = link_registered([*added, *returned], event, at)
    audit.record("invitation.listed", f"event:{event.id}", people=len(added) + len(returned))
    return Invited(len(added) + len(returned), len(before) - len(returned), registered)


def _on_the_list(event: Event, addresses: Collection[str]) -> dict[str, Invitation]:
    query = select(Invitation).where(Invitation.event_id == event.id)
    return {one.email_key: one for one in db.session.execute(query).scalars() if one.email_key in addresses}


def _return_to_list(invitation: Invitation, origin: str, at: datetime) -> Invitation:
    invitation.state, invitation.origin, invitation.token = InvitationState.LISTED, origin, new_token()
    invitation.created_at = at  # a new invitation, with a letter of its own
    invitation.sent_at = invitation.answered_at = invitation.reminded_at = None
    invitation.attendee_id = None
    return invitation


def _listed(event: Event, guest: Guest, at: datetime, origin: str) -> Invitation:
    return new_invitation(event, guest, InvitationState.LISTED, at, origin)


def new_invitation(event: Event, guest: Guest, state: InvitationState, at: datetime, origin: str) -> Invitation:
    """A row for a guest; the caller adds it, under the event's lock.

    It belongs to the company of the register with the number written, or else to the one with the guest's address.
    """
    company = known_company(guest.company_number, {guest.email_key})
    return Invitation(
        event_id=event.id,
        state=state,
        token=new_token(),
        name=guest.name,
        sort_key=sort_key(guest.name),
        email=guest.email,
        email_key=guest.email_key,
        phone=guest.phone,
        company_id=company.id if company else None,
        company_name=guest.company_name,
        company_number=guest.company_number,
        lang=guest.lang,
        origin=origin[:160],
        created_at=at,
        sent_at=at if state is InvitationState.SENT else None,
    )


def withdraw(event_id: int, ids: Collection[int], at: datetime) -> int:
    """Take back invitations that have not led to a seat; returns how many. Links and letters of theirs end.

    Those who said yes keep their seat: cancel it in the list of people if it is meant. Raises NotFound.
    """
    event = locked_event(event_id)
    takes = (InvitationState.LISTED, InvitationState.SENT, InvitationState.NO, InvitationState.HANDED_ON)
    taken = [one for one in chosen(event_id, ids) if one.state in takes]
    for invitation in taken:
        invitation.state, invitation.answered_at = InvitationState.WITHDRAWN, at
    if taken:
        audit.record("invitation.withdrawn", f"event:{event.id}", people=len(taken))
    db.session.flush()
    return len(taken)


# --- who is registered already ------------------------------------------------------------------------------------


def link_registered(invitations: Collection[Invitation], event: Event, at: datetime) -> int:
    """Those of these whose address is registered at the event have said yes; returns how many. Under the lock."""
    open_ones = (InvitationState.LISTED, InvitationState.SENT)
    unanswered = {one.email_key: one for one in invitations if one.state in open_ones}
    there = registered_under(event.id, unanswered) if unanswered else {}
    for address, attendee_id in there.items():
        said_yes(unanswered[address], attendee_id, at)
    db.session.flush()
    return len(there)


def said_yes(invitation: Invitation, attendee_id: int, at: datetime) -> None:
    invitation.state, invitation.attendee_id, invitation.answered_at = InvitationState.YES, attendee_id, at


def note_registered(registration: Registration, at: datetime) -> None:
    """Somebody on the guest list was registered, by link or by staff: the invitation has its answer."""
    holders = {one.address_claim: one.id for one in registration.attendees if one.address_claim}
    query = select(Invitation).where(
        Invitation.event_id == registration.event_id, Invitation.email_key.in_(list(holders))
    )
    for invitation in db.session.execute(query).scalars():
        said_yes(invitation, holders[invitation.email_key], at)
    db.session.flush()
