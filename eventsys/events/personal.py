"""What events keep of one person: bookings, seats, what they told us, and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eventsys.database import db
from eventsys.events import forgetting
from eventsys.events.belongings import (
    as_contact,
    bookings_of,
    colleagues_under_address,
    invitations_of,
    seats_of_person,
)
from eventsys.events.extracting import TEXTS, extract
from eventsys.events.invitations.models import InvitationState
from eventsys.events.queries import coming_under_address
from eventsys.i18n import moment, url
from eventsys.mail.forgetting import forget_in_letters_about
from eventsys.names import sort_key
from eventsys.personal import (
    Coming,
    Forgotten,
    Keeper,
    Outcome,
    Person,
    Remains,
    take_out,
)


def known(address: str) -> Person:
    """Names, numbers and companies that stand beside the address in bookings, seats and invitations."""
    person = Person(address)
    bookings, seats, guests = bookings_of(person), seats_of_person(person), invitations_of(person)
    names = [*(one.booker_name for one in bookings), *(one.name for one in seats), *(one.name for one in guests)]
    phones = [
        *(number for one in bookings for number in (one.booker_phone, one.booker_phone_e164)),
        *(number for one in seats for number in (one.phone, one.phone_e164)),
        *(one.phone for one in guests),
    ]
    companies = [
        *(one.company_id for one in bookings),
        *(one.registration.company_id for one in seats),
        *(one.company_id for one in guests),
    ]
    return person.and_(
        Person(address, frozenset(names), frozenset(phones), frozenset(one for one in companies if one is not None))
    )


def forget(person: Person, _at: datetime) -> Sequence[Outcome]:
    """Bookings, seats and invitations become nobody's; letters to others no longer name the person. Flushes."""
    bookings, seats, guests = bookings_of(person), seats_of_person(person), invitations_of(person)
    abouts = {
        *(f"registration:{one.id}" for one in bookings),
        *(f"registration:{one.registration_id}" for one in seats),
        *(f"invitation:{one.id}" for one in guests),
    }
    booking_ids, seat_ids, guest_ids = ([one.id for one in rows] for rows in (bookings, seats, guests))
    shared = [one.id for one in colleagues_under_address(person)]
    events = {one.event_id for one in bookings} | {one.event_id for one in seats} | {one.event_id for one in guests}
    texts, stays = sum(take_out(kind, columns, person) for kind, columns, _ in TEXTS), remains(person)
    for booking in bookings:
        booking.company_name = person.taken_out_of(booking.company_name)[:200]  # a sole trader's may be their name
    for guest in guests:
        guest.company_name = person.taken_out_of(guest.company_name)[:200]
    forgetting.forget_shared_address(shared)
    return [
        Forgotten("Bokningar utan bokare", forgetting.forget_bookers(booking_ids)),
        Forgotten("Platser utan person, mat, allergi och egna svar", forgetting.forget_attendees(seat_ids)),
        Forgotten("Kolleger som inte längre har personens adress", len(shared)),
        Forgotten("Inbjudningar utan namn", forgetting.forget_invitations(guest_ids)),
        Forgotten("Brev till andra som nämnde personen i ämnesraden", forget_in_letters_about(sorted(abouts), person)),
        Forgotten("Listor som väntade på att hämtas", forgetting.forget_papers(events)),
        Forgotten("Texter där adressen stod", texts),
        *stays,
    ]  # fmt: skip


def remains(person: Person) -> Sequence[Remains]:
    """What `forget` leaves, for who is about to press the button."""
    found = []
    if bookings_of(person) or seats_of_person(person):
        found.append(
            Remains(
                "Antal, företag, närvaro och tider på evenemangen",
                "Utan personen. De behövs för uppföljning och arkiv.",
            )
        )
    if colleagues_under_address(person):
        found.append(Remains("Kolleger som personen anmält", "Uppgifterna är kollegernas egna."))
    if any(True for _ in as_contact(person)):
        found.append(
            Remains(
                "Personen står som kontakt för evenemang eller serier",
                "Byt kontaktperson under evenemangets inställningar.",
            )
        )
    return found


def coming(person: Person, at: datetime) -> Sequence[Coming]:
    """Seats ahead, also those of colleagues whom the person booked, and questions that staff have not answered."""
    found: dict[str, Coming] = {}
    for one in coming_under_address(person.address, at):
        what = f"Plats eller bokning på {one.event.title}, {moment(one.event.starts_at)}"
        found[what] = Coming(what, url("events_staff.show_people", event_id=one.event_id, q=person.address))
    for guest in invitations_of(person):
        if guest.state is InvitationState.REQUESTED and guest.event.starts_at > at:
            what = f"Obesvarad fråga om plats på {guest.event.title}, {moment(guest.event.starts_at)}"
            found[what] = Coming(what, url("events_staff.show_guests", event_id=guest.event_id, lage="forfragningar"))
    return list(found.values())


def correct(person: Person, name: str, phone: str, e164: str) -> int:
    """The person's own name and number in bookings, seats and invitations; tickets that were sent keep theirs."""
    bookings, seats, guests = bookings_of(person), seats_of_person(person), invitations_of(person)
    for booking in bookings:
        booking.booker_name = name or booking.booker_name
        if phone:
            booking.booker_phone, booking.booker_phone_e164 = phone, e164
    for seat in seats:
        seat.name = name or seat.name
        seat.sort_key = sort_key(seat.name)
        if phone:
            seat.phone, seat.phone_e164 = phone, e164
    for guest in guests:
        guest.name, guest.phone = name or guest.name, phone or guest.phone
        guest.sort_key = sort_key(guest.name)
    db.session.flush()
    return len(bookings) + len(seats) + len(guests)


KEEPER = Keeper(
    "events", extract, forget, known, remains, coming, correct,
    tables={
        "registration": "who booked",
        "attendee": "who comes",
        "diet": "what they eat",
        "answer": "what they answered",
        "session_choice": "which sessions they chose",
        "scan": "when they were let in",
        "revoked_ticket": "a ticket that was theirs; says nothing without the attendee",
        "invitation": "who was invited or asked for a place",
        "paper": "lists with names, for a day",
        "event": "who answers questions about it",
        "series": "who answers questions about it",
        "message": "free text of staff",
        "talking_point": "free text of staff",
        "theme": "free text of staff",
    },
)  # fmt: skip
