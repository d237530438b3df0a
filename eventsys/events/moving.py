"""Staff move a person from one event to another."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events import notices
from eventsys.events.models import Attendee, AttendeeState, EventPhase, Registration
from eventsys.events.programme.promotion import promote_sessions
from eventsys.events.registration import Booker, IfFull, Person, Wish, book
from eventsys.events.seats import locked_event
from eventsys.events.states import move
from eventsys.events.waitlist import promote_from_waitlist


class CannotMove(Refused):
    """The person has left already, is registered there, or one of the events is over, cancelled or a draft."""


def move_to_event(attendee: Attendee, other_id: int, at: datetime) -> Registration:
    """Give a person a new booking at another event and free the old seat; returns the new booking.

    Both events are locked in order of id, so that two moves never wait for each other. At the other event the person
    gets a seat if one is free for newcomers, else a place in the queue; a new ticket and letter follow,
    and another letter that takes the old entry out of the calendar.
    The sessions chosen here are left; those there are chosen anew, by the link in the letter.
    Raises CannotMove, NotFound. Flushes, does not commit.
    """
    events = {event_id: locked_event(event_id) for event_id in sorted({attendee.event_id, other_id})}
    db.session.refresh(attendee)
    here, there = events[attendee.event_id], events[other_id]
    closed = (EventPhase.DRAFT, EventPhase.CANCELLED, EventPhase.OVER)
    if here is there or here.phase(at) in closed or there.phase(at) in closed:
        raise CannotMove
    if attendee.state not in (AttendeeState.CONFIRMED, AttendeeState.OFFERED, AttendeeState.WAITING):
        raise CannotMove
    new = book(there, _same_wish(attendee), at).registration
    if new is None:
        raise CannotMove
    move(attendee, AttendeeState.CANCELLED, at)
    db.session.flush()
    if attendee.confirmed_at is not None:
        notices.tell_moved(attendee, new.attendees[0])
    promote_sessions(here, at)
    promote_from_waitlist(here, at)
    audit.record("attendee.moved", f"event:{here.id}", to=there.id)
    return new


def _same_wish(attendee: Attendee) -> Wish:
    old = attendee.registration
    return Wish(
        booker=Booker(old.booker_name, old.booker_email, old.booker_email_key, old.booker_phone, old.booker_phone_e164),
        people=(_same_person(attendee),),
        company_name=old.company_name,
        company_number=old.company_number,
        sole_trader=old.sole_trader,
        if_full=IfFull.TAKE_SOME,
        source=old.source,
        lang=old.lang,
    )


def _same_person(attendee: Attendee) -> Person:
    return Person(
        name=attendee.name,
        email=attendee.email,
        email_key=attendee.email_key,
        phone=attendee.phone,
        phone_e164=attendee.phone_e164,
        diet=attendee.diet.text if attendee.diet else "",
        answers={answer.question_id: answer.text for answer in attendee.answers},
    )
