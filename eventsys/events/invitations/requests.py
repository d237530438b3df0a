"""Others who ask for a place at a closed event: they ask, staff say yes or no."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.invitations import notices
from eventsys.events.invitations.inviting import Guest, new_invitation, said_yes
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import ASKED, granted_requests, invitation_of, registered_under
from eventsys.events.invitations.seating import book_for
from eventsys.events.invitations.sending import takes_answers
from eventsys.events.models import Attendee, Event
from eventsys.events.registration import Person
from eventsys.events.seats import locked_event

MOST_REQUESTS = 500  # waiting for an answer at one event; more than that is no longer people


class NoRequests(Refused):
    """Nobody may ask for a place now."""


class QuotaUsed(Refused):
    """All places for those who ask are given; the text says what staff can do."""


class AlreadyDecided(Refused):
    """Somebody else has answered the request."""


def takes_requests(event: Event, at: datetime) -> bool:
    """Whether somebody not invited may ask for a place at this moment."""
    return (
        event.by_invitation
        and event.request_seats > 0
        and takes_answers(event, at)
        and granted_requests(event.id) < event.request_seats
    )


def events_with_requests(reach: ColumnElement[bool], at: datetime) -> list[tuple[Event, int]]:
    """Events within reach that have not begun and where people wait to hear whether they get a place: how many."""
    waiting = (
        select(Event, func.count())
        .join(Invitation, Invitation.event_id == Event.id)
        .where(reach, Event.starts_at > at, Invitation.state == InvitationState.REQUESTED)
        .group_by(Event.id)
        .order_by(Event.starts_at, Event.id)
    )
    return [(event, count) for event, count in db.session.execute(waiting)]


def ask_for_place(event_id: int, guest: Guest, why: str, at: datetime) -> None:
    """Somebody asks for a place; staff decide. An address that is on the list already changes nothing.

    Raises NotFound, NoRequests. Flushes, does not commit.
    """
    event = locked_event(event_id)
    if not takes_requests(event, at) or _waiting(event) >= MOST_REQUESTS:
        raise NoRequests
    query = select(Invitation.id).where(Invitation.event_id == event.id, Invitation.email_key == guest.email_key)
    if db.session.execute(query).first() is not None or registered_under(event.id, [guest.email_key]):
        return
    request = new_invitation(event, replace(guest, phone=""), InvitationState.REQUESTED, at, ASKED)
    request.note = why[:300]
    db.session.add(request)
    db.session.flush()


def _waiting(event: Event) -> int:
    query = select(func.count()).where(Invitation.event_id == event.id, Invitation.state == InvitationState.REQUESTED)
    return db.session.scalar(query) or 0


def approve(event_id: int, invitation_id: int, at: datetime) -> Attendee:
    """Give the one who asked a seat, or a place in the queue when the event is full; the letter says which.

    Raises NotFound, AlreadyDecided, NoRequests, QuotaUsed. Flushes, does not commit.
    """
    event = locked_event(event_id)
    request = _undecided(event, invitation_id)
    if not takes_answers(event, at):
        raise NoRequests("Anmälan har stängt, så ingen kan släppas in längre.")
    if granted_requests(event.id) >= event.request_seats:
        raise QuotaUsed("Alla platser för dem som ber om en är tagna. Höj antalet under Inställningar.")
    attendee = _booked(event, request, at)
    request.origin = ASKED
    request.sent_at = at
    said_yes(request, attendee.id, at)
    audit.record("invitation.request_approved", f"event:{event.id}")
    db.session.flush()
    return attendee


def _booked(event: Event, request: Invitation, at: datetime) -> Attendee:
    there = registered_under(event.id, [request.email_key]).get(request.email_key)
    if there is not None:
        return db.session.get_one(Attendee, there)
    return book_for(event, request, Person(request.name, request.email, request.email_key), at)


def refuse(event_id: int, invitation_id: int, at: datetime) -> None:
    """Say no, by a kind letter. Raises NotFound, AlreadyDecided. Flushes, does not commit."""
    event = locked_event(event_id)
    request = _undecided(event, invitation_id)
    request.state, request.answered_at = InvitationState.REFUSED, at
    db.session.flush()
    notices.tell_refused(request, at)
    audit.record("invitation.request_refused", f"event:{event.id}")


def _undecided(event: Event, invitation_id: int) -> Invitation:
    request = invitation_of(event.id, invitation_id)
    if request.state is not InvitationState.REQUESTED:
        raise AlreadyDecided("Någon annan har redan svarat på förfrågan.")
    return request
