"""A booking after it is made: change details, hand a seat to somebody else, leave."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events import notices
from eventsys.events.models import Answer, Attendee, AttendeeState, Diet, Event, Registration
from eventsys.events.programme.promotion import promote_sessions
from eventsys.events.registration import Booker, Person, address_is_taken
from eventsys.events.seats import locked_event
from eventsys.events.states import move, revoke_ticket
from eventsys.events.waitlist import promote_from_waitlist
from eventsys.names import sort_key
from eventsys.tokens import new_token


class TooLate(Refused):
    """The event has begun or is cancelled; nothing about the booking can be changed any more."""


class AddressTaken(Refused):
    """The new address is registered at the event in another booking."""


def change_details(attendee: Attendee, person: Person, at: datetime) -> None:
    """Correct a person's name, address, phone, diet or answers, or hand the seat to somebody else.

    A new address makes a new ticket and a new personal link: what was sent to the old address opens nothing any more.
    The letter goes to the new address; one to the old that has not left is dropped.
    Raises TooLate, AddressTaken. Flushes, does not commit.
    """
    event = _changeable_event(attendee.event_id, at)
    db.session.refresh(attendee)
    if not attendee.is_active:
        raise TooLate
    moves_address = attendee.email_key != person.email_key
    changes_letter = moves_address or attendee.name != person.name
    if moves_address:
        _take_address(event, attendee, person.email_key)
        revoke_ticket(attendee, at, "transferred")
        attendee.token = new_token()
        attendee.said_coming_at = None
    attendee.name, attendee.sort_key = person.name, sort_key(person.name)
    attendee.email, attendee.email_key = person.email, person.email_key
    attendee.phone, attendee.phone_e164 = person.phone, person.phone_e164
    set_diet(attendee, person.diet)
    _set_answers(attendee, person.answers)
    if changes_letter:
        attendee.letter_number += 1
    db.session.flush()
    if changes_letter:
        notices.tell_changed(attendee)


def change_booker(registration: Registration, booker: Booker, at: datetime) -> None:
    """Correct who booked. Raises TooLate. Flushes, does not commit."""
    _changeable_event(registration.event_id, at)
    registration.booker_name, registration.booker_phone = booker.name, booker.phone
    registration.booker_phone_e164 = booker.phone_e164
    registration.booker_email, registration.booker_email_key = booker.email, booker.email_key
    db.session.flush()


def set_diet(attendee: Attendee, text: str) -> None:
    """Keep, change or forget what the person eats."""
    if not text:
        attendee.diet = None
    elif attendee.diet is None:
        attendee.diet = Diet(text=text)
    else:
        attendee.diet.text = text


def _set_answers(attendee: Attendee, answers: dict[int, str]) -> None:
    known = {answer.question_id: answer for answer in attendee.answers}
    for question_id, text in answers.items():
        if question_id in known:
            known[question_id].text = text
        elif text:
            attendee.answers.append(Answer(question_id=question_id, text=text))


def _take_address(event: Event, attendee: Attendee, email_key: str) -> None:
    colleagues = [other for other in attendee.registration.attendees if other is not attendee and other.is_active]
    shared = any(other.email_key == email_key for other in colleagues)
    if not shared and address_is_taken(event, email_key):
        raise AddressTaken
    old_claim, attendee.address_claim = attendee.address_claim, None
    db.session.flush()
    if old_claim is not None:
        heir = next((other for other in colleagues if other.email_key == old_claim), None)
        if heir is not None:
            heir.address_claim = old_claim
    attendee.address_claim = None if shared else email_key


def _changeable_event(event_id: int, at: datetime) -> Event:
    event = locked_event(event_id)
    if event.cancelled_at is not None or at >= event.starts_at:
        raise TooLate
    return event


def cancel_people(attendees: list[Attendee], at: datetime) -> int:
    """These people of one event leave; freed seats are offered to the queue. Returns how many left now.

    Those who had left before are passed over, so that pressing twice is harmless. Raises TooLate.
    Flushes, does not commit.
    """
    if not attendees:
        return 0
    event = _changeable_event(attendees[0].event_id, at)
    leaving = []
    for attendee in attendees:
        db.session.refresh(attendee)
        if attendee.state in (AttendeeState.CONFIRMED, AttendeeState.OFFERED, AttendeeState.WAITING):
            move(attendee, AttendeeState.CANCELLED, at)
            leaving.append(attendee)
    db.session.flush()
    notices.tell_cancelled(leaving)
    promote_sessions(event, at)
    promote_from_waitlist(event, at)
    return len(leaving)


def cancel_by_staff(attendees: list[Attendee], at: datetime) -> int:
    """Staff cancel for people; noted in the audit trail. Raises TooLate."""
    cancelled = cancel_people(attendees, at)
    if cancelled:
        audit.record("attendee.cancelled", f"event:{attendees[0].event_id}", people=cancelled)
    return cancelled
