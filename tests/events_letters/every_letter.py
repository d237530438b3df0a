"""Every letter about events, in every form it takes, in a world that never changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from eventsys.database import db, transaction
from eventsys.events import emails
from eventsys.events.changes.models import FormerFacts
from eventsys.events.models import Attendee, AttendeeState, Event, Message, Registration
from eventsys.events.programme.models import Session, Slot
from eventsys.events.registration import Person
from eventsys.events.reminders import emails as reminder_emails
from eventsys.mail.compose import Email
from eventsys.names import slug
from tests.events_letters.invitation_letters import invitation_letters
from tests.events_letters.programme_letters import programme_letters
from tests.factories import make_booker, make_event, make_person, make_registration, make_series

A_MONDAY_IN_FEBRUARY = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRIDAY_AT_HALF_PAST_ELEVEN = datetime(2027, 3, 5, 10, 30, tzinfo=UTC)

MESSAGE = """Hej,

parkeringen på Åhagagatan är avstängd den här fredagen. Ställ bilen på Knalletorget i stället.

Lunchen serveras som vanligt från kl. 11.30.
Vi ses då."""


def every_letter(lang: str) -> dict[str, Email]:
    """Each form of each letter, by a name that says which; written in this language. Nothing is kept."""
    with transaction():
        letters = _written(lang) | programme_letters(lang)
        db.session.rollback()
    return letters


def ticket_to(name: str, title: str) -> Email:
    """The ticket of one person to one event, in Swedish. Nothing is kept."""
    with transaction():
        booking = _registered(_lunch(title), [make_person(name, "karin.aberg@foretag.se")], "sv")
        letter = emails.ticket(booking.attendees[0])
        db.session.rollback()
    return letter


def _written(lang: str) -> dict[str, Email]:
    event = _lunch()
    party = _registered(
        event,
        ["Karin Åberg", "Bo Öberg", make_person("Åsa Lind", "karin.aberg@foretag.se")],
        lang,
    )
    away = _registered(event, ["Amir Haddad", "Märta Nyström"], lang, booker=make_booker("Eva Ek"))
    waiting = _registered(event, ["Nils Ek"], lang)
    karin, bo, asa = party.attendees
    [nils] = waiting.attendees
    _in_state(nils, AttendeeState.WAITING)
    _in_state(away.attendees[1], AttendeeState.WAITING)
    letters = {
        "ticket": emails.ticket(karin),
        "ticket_of_a_colleague": emails.ticket(bo),
        "ticket_under_the_bookers_address": emails.ticket(asa),
        "booking": emails.booking(away),
        "queued": emails.queued(nils, 3),
        "queued_by_somebody_else": emails.queued(away.attendees[1], 1),
        "event_changed": emails.event_changed(karin),
        "event_changed_from_another_time": emails.event_changed(karin, _a_day_earlier(event)),
        "event_changed_from_another_place": emails.event_changed(bo, _elsewhere(event)),
        "event_changed_in_the_queue": emails.event_changed(nils),
        "already_registered": emails.already_registered(karin),
        "already_registered_in_the_queue": emails.already_registered(nils),
        "message": emails.message(karin, _message(event)),
        "my_bookings": emails.my_bookings(karin.email_key, [karin, bo, asa], lang),
        "my_bookings_of_nobody": emails.my_bookings("ingen@foretag.se", [], lang),
    }
    letters |= {
        "reminder": reminder_emails.reminder(karin),
        "reminder_with_sessions": reminder_emails.reminder(bo, _two_sessions()),
        "reminder_under_the_bookers_address": reminder_emails.reminder(asa),
        "coming": reminder_emails.coming(karin, _two_sessions()),
        "coming_under_the_bookers_address": reminder_emails.coming(asa),
        "thanks": reminder_emails.thanks(karin),
        "thanks_with_material": reminder_emails.thanks(bo, has_material=True),
        "thanks_under_the_bookers_address": reminder_emails.thanks(asa),
        "missed": reminder_emails.missed(bo),
        "missed_under_the_bookers_address": reminder_emails.missed(asa),
    }
    other = _registered(_lunch("Vävfrukost", "vavfrukost"), ["Ylva Sjö"], lang).attendees[0]
    letters |= {
        "seat_moved": emails.seat_moved(_in_state(bo, AttendeeState.CANCELLED), other),
        "seat_moved_under_the_bookers_address": emails.seat_moved(asa, other),
        "seat_cancelled": emails.seat_cancelled(_in_state(bo, AttendeeState.CANCELLED)),
        "seat_cancelled_under_the_bookers_address": emails.seat_cancelled(_in_state(asa, AttendeeState.CANCELLED)),
        "seat_cancelled_in_the_queue": emails.seat_cancelled(_in_state(nils, AttendeeState.CANCELLED)),
        "seat_offered": emails.seat_offered(_in_state(nils, AttendeeState.OFFERED)),
        "event_changed_with_an_offer": emails.event_changed(nils),
        "offer_ended": emails.offer_ended(_in_state(nils, AttendeeState.EXPIRED)),
        "queued_under_the_bookers_address": emails.queued(_in_state(asa, AttendeeState.WAITING), 12),
        "seat_offered_under_the_bookers_address": emails.seat_offered(_in_state(asa, AttendeeState.OFFERED)),
        "offer_ended_under_the_bookers_address": emails.offer_ended(_in_state(asa, AttendeeState.EXPIRED)),
    }
    event.cancelled_why = "Talaren har blivit sjuk. Vi återkommer med en ny tid."
    letters |= invitation_letters(event, karin, lang)
    return letters | {
        "event_cancelled": emails.event_cancelled(_in_state(karin, AttendeeState.CANCELLED)),
        "event_cancelled_in_the_queue": emails.event_cancelled(_in_state(nils, AttendeeState.CANCELLED)),
    }


def _a_day_earlier(event: Event) -> FormerFacts:
    former = _elsewhere(event)
    former.starts_at, former.ends_at = event.starts_at - 24 * HOUR, event.ends_at - 24 * HOUR
    former.place, former.address = event.place, event.address
    return former


def _elsewhere(event: Event) -> FormerFacts:
    place = {"place": "Textile Fashion Center", "address": "Skaraborgsvägen 3, Borås"}
    return FormerFacts(starts_at=event.starts_at, ends_at=event.ends_at, **place)


def _two_sessions() -> list[Session]:
    """One in the morning of the event's day, one on the day after."""
    first = Slot(starts_at=FRIDAY_AT_HALF_PAST_ELEVEN, ends_at=FRIDAY_AT_HALF_PAST_ELEVEN + HOUR)
    second = Slot(starts_at=first.starts_at + 24 * HOUR, ends_at=first.ends_at + 24 * HOUR)
    return [
        Session(slot=first, title="Ull i världen", title_en="Wool in the world", room="Vävsalen"),
        Session(slot=second, title="Studiebesök", room=""),
    ]


def _lunch(title: str = "Fredagslunch", slug: str = "fredagslunch") -> Event:
    return make_event(
        series=make_series(slug=slug),
        slug=f"{slug}-5-mars",
        title=title,
        title_en="Friday lunch",
        starts_at=FRIDAY_AT_HALF_PAST_ELEVEN,
        ends_at=datetime(2027, 3, 5, 12, 0, tzinfo=UTC),
        contact_name="Lena Ström",
        contact_email="lena.strom@boras.example",
        contact_phone="033-35 70 00",
        asks_diet=True,
    )


def _registered(event: Event, people: Sequence[str | Person], lang: str, **more: object) -> Registration:
    booking = make_registration(event, people, A_MONDAY_IN_FEBRUARY, lang=lang, company_number="5560360793", **more)
    booking.token = f"booking-{_first_name(booking.attendees[0])}"
    for attendee in booking.attendees:
        attendee.token = f"person-{_first_name(attendee)}"
        attendee.ticket_code = f"T1{slug(attendee.name).replace('-', '').upper():2<16.16}"
    return booking


def _first_name(attendee: Attendee) -> str:
    return slug(attendee.name).partition("-")[0]


def _in_state(attendee: Attendee, state: AttendeeState) -> Attendee:
    """For the letter's sake only: no verb, and nothing is kept."""
    attendee.state = state
    if state is AttendeeState.WAITING:
        attendee.confirmed_at = None
    if state is AttendeeState.OFFERED:
        attendee.offer_ends_at = datetime(2027, 3, 3, 13, 0, tzinfo=UTC)
    return attendee


def _message(event: Event) -> Message:
    return Message(event=event, subject="Parkering på fredag", body=MESSAGE, sent_to="confirmed", sent_by="lena")
