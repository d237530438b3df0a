"""Which letter goes to whom when something happens. Posts rows in the caller's transaction; sends nothing itself.

The purpose key holds the attendee's letter number, so that each change is told once, however often a door is pressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.models import ACTIVE, Attendee, AttendeeState, Event, Message, Registration
from eventsys.events.queries import coming_under_address
from eventsys.mail.outbox import Posting, post, post_all


def tell_registered(registration: Registration) -> None:
    """Each person gets the own letter; a booker who is not among them gets the overview."""
    post_all(
        [
            _posting("events/ticket" if attendee.state is AttendeeState.CONFIRMED else "events/queued", attendee)
            for attendee in registration.attendees
        ]
    )
    if all(attendee.email_key != registration.booker_email_key for attendee in registration.attendees):
        tell_booker(registration)


def tell_person_added(attendee: Attendee) -> None:
    tell_confirmed(attendee) if attendee.state is AttendeeState.CONFIRMED else tell_queued(attendee)


def tell_booker(registration: Registration) -> None:
    post(
        "events/booking",
        registration.id,
        purpose_key=f"booking:{registration.id}:{len(registration.attendees)}",
        address=registration.booker_email,
        name=registration.booker_name,
        lang=registration.lang,
        about=f"registration:{registration.id}",
    )


def tell_confirmed(attendee: Attendee) -> None:
    _post_to("events/ticket", attendee)


def tell_queued(attendee: Attendee) -> None:
    _post_to("events/queued", attendee)


def tell_offer(attendee: Attendee) -> None:
    _post_to("events/seat_offered", attendee)


def tell_offer_ended(attendee: Attendee) -> None:
    _post_to("events/offer_ended", attendee)


def tell_changed(attendee: Attendee) -> None:
    """After a change of name or address: the letter that fits the person's state now."""
    letters = {
        AttendeeState.CONFIRMED: tell_confirmed,
        AttendeeState.WAITING: tell_queued,
        AttendeeState.OFFERED: tell_offer,
    }
    if attendee.state in letters:
        letters[attendee.state](attendee)


def tell_cancelled(attendees: Iterable[Attendee]) -> None:
    for attendee in attendees:
        _post_to("events/seat_cancelled", attendee)


def tell_moved(old: Attendee, new: Attendee) -> None:
    """Staff moved a person who had a seat to another event: the old entry leaves the calendar."""
    post(
        "events/seat_moved",
        old.id,
        purpose_key=f"seat_moved:{old.id}:{new.id}:once",
        address=old.email,
        name=old.name,
        lang=old.registration.lang,
        about=f"registration:{old.registration_id}",
    )


def tell_event_changed(attendee: Attendee) -> None:
    _post_to("events/event_changed", attendee)


def tell_event_cancelled(attendee: Attendee) -> None:
    _post_to("events/event_cancelled", attendee)


def tell_already_registered(event: Event, email_key: str) -> None:
    """Somebody tried to register an address that is registered: its owner is told, the page says nothing.

    At most one such letter an hour and person, so that nobody can be pestered this way.
    """
    query = select(Attendee).where(
        Attendee.event_id == event.id, Attendee.address_claim == email_key, Attendee.state.in_(ACTIVE)
    )
    attendee = db.session.execute(query).scalar_one_or_none()
    if attendee is not None:
        _post_to("events/already_registered", attendee, suffix=f"{now():%Y%m%d%H}")


def mail_my_bookings(email_key: str, address: str, lang: str, at: datetime) -> None:
    """Mail the links to everything booked under an address, at most once an hour; nothing when nothing is booked."""
    booked = coming_under_address(email_key, at)
    if booked:
        post(
            "events/my_bookings",
            booked[0].id,
            purpose_key=f"my_bookings:{sha256(email_key.encode()).hexdigest()}:{at:%Y%m%d%H}",
            address=address,
            name=booked[0].name if booked[0].email_key == email_key else booked[0].registration.booker_name,
            lang=lang,
        )


def send_message(message: Message, attendees: Iterable[Attendee]) -> int:
    """Post the staff's message to each of these people, once per address; returns how many letters that is."""
    by_address = {attendee.email_key: attendee for attendee in attendees if attendee.email_key}
    for attendee in by_address.values():
        post(
            "events/message",
            attendee.id,
            purpose_key=f"message:{message.id}:{attendee.id}",
            address=attendee.email,
            name=attendee.name,
            lang=attendee.registration.lang,
            about=f"registration:{attendee.registration_id}",
        )
    return len(by_address)


def _post_to(letter: str, attendee: Attendee, suffix: str = "") -> None:
    post_all([_posting(letter, attendee, suffix)])


def _posting(letter: str, attendee: Attendee, suffix: str = "") -> Posting:
    return Posting(
        letter,
        attendee.id,
        purpose_key=f"{letter}:{attendee.id}:{suffix or attendee.letter_number}",
        address=attendee.email,
        name=attendee.name,
        lang=attendee.registration.lang,
        about=f"registration:{attendee.registration_id}",
    )
