"""The letters about sessions, and the ticket to an event with a programme, in a world that never changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from eventsys.database import db
from eventsys.events import emails
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.events.programme import emails as programme_emails
from eventsys.events.programme.models import SessionChoice
from eventsys.mail.compose import Email
from eventsys.names import slug as slug_of
from tests.factories import make_event, make_registration
from tests.programme.scenes import HELD, WAITS, make_session, make_slot

MONDAY = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2027, 3, 5, 10, 30, tzinfo=UTC)


def programme_letters(lang: str) -> dict[str, Email]:
    """The letters of an event with a programme, and of a course."""
    day = _event("Näringslivsdagen", "naringslivsdagen", "Business Day")
    ai, hallbart = (
        make_session(slot, title, title_en=english, room=room, capacity=20)
        for slot in [make_slot(day, 0.5, name="Workshoppar", has_choice=True)]
        for title, english, room in (("AI i vardagen", "Everyday AI", "Sal Väv"), ("Hållbart", "Sustainable", "Aulan"))
    )
    olle, elin = _registered(day, ["Olle Dahl", "Elin Sjö"], lang)
    for attendee, session, state in ((olle, ai, HELD), (olle, hallbart, WAITS), (elin, hallbart, HELD)):
        db.session.add(
            SessionChoice(
                attendee_id=attendee.id, slot_id=session.slot_id, session_id=session.id, state=state,
                held_at=MONDAY if state is HELD else None, queued_at=MONDAY,
            )
        )  # fmt: skip
    db.session.flush()
    letters = {
        "ticket_with_sessions": emails.ticket(olle),
        "sessions_chosen": programme_emails.sessions_chosen(olle),
        "sessions_chosen_of_a_colleague": programme_emails.sessions_chosen(elin),
        "session_gained": programme_emails.session_gained(olle, ai),
        "session_gained_of_a_colleague": programme_emails.session_gained(elin, hallbart),
        "session_changed": programme_emails.session_changed(olle, ai),
        "session_removed": programme_emails.session_removed(elin, hallbart),
    }
    letters["session_removed_in_the_queue"] = programme_emails.session_removed(_queued(elin), hallbart)
    return letters | {"ticket_to_a_course": emails.ticket(_at_a_course(lang))}


def _at_a_course(lang: str) -> Attendee:
    course = _event("Anbudsskola", "anbudsskola", "Tender school", days=14)
    for part in range(3):
        make_slot(course, 24 * 7 * part, 2, name=("Grunderna", "", "Öva på ett anbud")[part])
    return _registered(course, ["Stina Alm"], lang)[0]


def _event(title: str, slug: str, english: str, days: int = 0) -> Event:
    ends_at = FRIDAY + timedelta(days=days, hours=3)
    return make_event(title=title, slug=slug, title_en=english, starts_at=FRIDAY, ends_at=ends_at)


def _registered(event: Event, names: list[str], lang: str) -> list[Attendee]:
    booking = make_registration(event, names, MONDAY, lang=lang)
    booking.token = f"booking-{slug_of(names[0])}"
    for attendee in booking.attendees:
        attendee.token = f"person-{slug_of(attendee.name)}"
        attendee.ticket_code = f"T1{slug_of(attendee.name).replace('-', '').upper():2<16.16}"
    return list(booking.attendees)


def _queued(attendee: Attendee) -> Attendee:
    """For the letter's sake only: no verb, and nothing is kept."""
    attendee.state, attendee.confirmed_at = AttendeeState.WAITING, None
    return attendee
