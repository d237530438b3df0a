"""Somebody who is not registered comes to the door and is let in: a booking is made then and there."""

from __future__ import annotations

from datetime import datetime

from eventsys.companies.register import company_with_address
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events import notices
from eventsys.events.checkin.acts import Act
from eventsys.events.checkin.models import Door
from eventsys.events.checkin.rooms import has_room
from eventsys.events.models import Attendee, AttendeeState, Event, Registration
from eventsys.events.registration import address_is_taken
from eventsys.events.seats import seats
from eventsys.forms import normal_email
from eventsys.names import sort_key
from eventsys.tokens import new_ticket_code, new_token

ADDED_BY = "Insläpp"


class NoSeat(Refused):
    """The event or the room is full and no supervisor said "anyway"."""


def new_guest(event: Event, door: Door, act: Act, anyway: bool, moment: datetime) -> Attendee:
    """A booking for one, who has come; with an address, the ticket follows by letter.

    Who was let in while the phone was offline is inside already, so that is kept even without a seat.
    Raises NoSeat. The caller has locked the event. Flushes, does not commit.
    """
    if not anyway and not act.was_offline:
        _check_seats(event, door)
    person = _attendee(event, act, moment)
    db.session.add(_registration(event, door, act, person, moment))
    db.session.flush()
    if person.email:
        notices.tell_confirmed(person)
    return person


def _check_seats(event: Event, door: Door) -> None:
    if not seats(event).left:
        raise NoSeat("full")
    if door.session is not None and not has_room(event, door.session):
        raise NoSeat("room_full")


def _attendee(event: Event, act: Act, moment: datetime) -> Attendee:
    key = normal_email(act.email) if act.email else ""
    free = bool(key) and not address_is_taken(event, key)
    return Attendee(
        event=event,
        name=act.name,
        sort_key=sort_key(act.name),
        email=act.email,
        email_key=key,
        address_claim=key if free else None,
        state=AttendeeState.ATTENDED,
        token=new_token(),
        ticket_code=new_ticket_code(),
        confirmed_at=moment,
        checked_in_at=moment,
        created_at=moment,
    )


def _registration(event: Event, door: Door, act: Act, person: Attendee, moment: datetime) -> Registration:
    company = company_with_address({person.email_key} - {""})
    return Registration(
        event=event,
        company_id=company.id if company is not None else None,
        company_name=act.company,
        booker_name=act.name,
        booker_email=person.email,
        booker_email_key=person.email_key,
        token=new_token(),
        added_by=f"{ADDED_BY}: {door.name}",
        created_at=moment,
        attendees=[person],
    )
