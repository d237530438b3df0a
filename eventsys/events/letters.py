"""The letters about events, by name: from a delivery's row to the letter, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Callable

from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events import emails
from eventsys.events.changes.keeping import facts_told_to
from eventsys.events.models import Attendee, AttendeeState, EventState, Message, Registration
from eventsys.events.queries import coming_under_address
from eventsys.events.waitlist import position_in_queue
from eventsys.mail.compose import Email
from eventsys.mail.letters import subject_of
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter

Make = Callable[[Attendee], Email]

REPLACED = "ersatt av ett nyare brev"
LEFT = "personen är inte längre anmäld"
OTHER_ADDRESS = "personen har bytt adress"
PASSED = "evenemanget har börjat eller är inställt"


def _attendee(delivery: Delivery) -> Attendee:
    return subject_of(Attendee, delivery)


def about_attendee(make: Make, *wanted_in: AttendeeState) -> Letter:
    """A letter to a person, wanted while the person is in one of these states and no newer letter replaces it."""

    def unwanted(delivery: Delivery) -> str:
        attendee = db.session.get(Attendee, delivery.subject_id)
        if attendee is None or (wanted_in and attendee.state not in wanted_in):
            return LEFT
        if attendee.email_key != delivery.address:
            return OTHER_ADDRESS
        if _is_replaced(delivery, attendee):
            return REPLACED
        return PASSED if wanted_in and has_passed(attendee) else ""

    return Letter(build=lambda delivery: make(_attendee(delivery)), unwanted=unwanted)


def _is_replaced(delivery: Delivery, attendee: Attendee) -> bool:
    number = (delivery.purpose_key or "").rpartition(":")[2]
    return number.isdigit() and len(number) < 9 and int(number) < attendee.letter_number


def has_passed(attendee: Attendee) -> bool:
    event = attendee.event
    return event.state is EventState.CANCELLED or now() >= event.ends_at


def _booking(delivery: Delivery) -> Email:
    registration = subject_of(Registration, delivery)
    return emails.booking(registration)


def _booking_unwanted(delivery: Delivery) -> str:
    registration = db.session.get(Registration, delivery.subject_id)
    if registration is None or not any(attendee.is_active for attendee in registration.attendees):
        return LEFT
    return "" if registration.booker_email_key == delivery.address else OTHER_ADDRESS


def _message(delivery: Delivery) -> Email:
    written = db.session.get(Message, int((delivery.purpose_key or "").split(":")[1]))
    if written is None:
        raise NotFound
    return emails.message(_attendee(delivery), written)


def _message_unwanted(delivery: Delivery) -> str:
    """A seat handed to somebody else: the letter holds a link of the new person's, the old one must not have it."""
    attendee = db.session.get(Attendee, delivery.subject_id)
    if attendee is None:
        return LEFT
    return "" if attendee.email_key == delivery.address else OTHER_ADDRESS


def _moved_to(delivery: Delivery) -> Attendee | None:
    """The person as registered at the other event."""
    return db.session.get(Attendee, int(delivery.purpose_key.split(":")[2]))


def _seat_moved(delivery: Delivery) -> Email:
    """Who has left the other event too meanwhile reads that the old seat is gone."""
    old, new = _attendee(delivery), _moved_to(delivery)
    return emails.seat_moved(old, new) if new is not None and new.is_active else emails.seat_cancelled(old)


def _seat_moved_unwanted(delivery: Delivery) -> str:
    """The letter holds a link to the new booking, which must not reach the address it was moved away from."""
    new = _moved_to(delivery)
    return OTHER_ADDRESS if new is not None and new.email_key != delivery.address else ""


def _my_bookings(delivery: Delivery) -> Email:
    return emails.my_bookings(delivery.address, coming_under_address(delivery.address, now()), delivery.lang)


SEATED = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED)
COMING = (AttendeeState.CONFIRMED, AttendeeState.OFFERED, AttendeeState.WAITING)

LETTERS: dict[str, Letter] = {
    "events/ticket": about_attendee(emails.ticket, *SEATED),
    "events/booking": Letter(build=_booking, unwanted=_booking_unwanted),
    "events/queued": about_attendee(
        lambda attendee: emails.queued(attendee, position_in_queue(attendee) or 1), AttendeeState.WAITING
    ),
    "events/seat_offered": about_attendee(emails.seat_offered, AttendeeState.OFFERED),
    "events/offer_ended": about_attendee(emails.offer_ended),
    "events/seat_cancelled": about_attendee(emails.seat_cancelled),
    "events/seat_moved": Letter(build=_seat_moved, unwanted=_seat_moved_unwanted),
    "events/event_changed": about_attendee(
        lambda attendee: emails.event_changed(attendee, facts_told_to(attendee)), *COMING
    ),
    "events/event_cancelled": about_attendee(emails.event_cancelled),
    "events/already_registered": about_attendee(emails.already_registered, *COMING),
    "events/message": Letter(build=_message, unwanted=_message_unwanted),
    "events/my_bookings": Letter(build=_my_bookings),
}
