"""The letters about events: one pure function each, from rows to Email."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext

from eventsys import documents
from eventsys.events.calendar import attendee_meetings, meeting_calendar, meeting_method
from eventsys.events.changes.models import FormerFacts
from eventsys.events.models import Attendee, AttendeeState, Event, Message, Registration
from eventsys.events.programme.own import OwnProgramme, own_programme
from eventsys.events.programme.words import programme_lines
from eventsys.i18n import ENGLISH, clock, language, link, moment, period, short_day, speaking
from eventsys.mail.compose import Attachment, Email, Inline, compose
from eventsys.tokens import human_code

QR_PIXELS = 16  # a module; shown at half that size, so it is sharp on every screen


def ticket(attendee: Attendee) -> Email:
    """The confirmation for one person, with ticket and calendar entry; for a booker, the others too."""
    return letter_with_ticket("events/ticket", attendee)


def booking(registration: Registration) -> Email:
    """The overview for a booker who does not attend."""
    with speaking(registration.lang):
        context = {
            "event": event_facts(registration.event, registration.lang),
            "name": registration.booker_name,
            "manage_url": link("events.show_booking", token=registration.token),
            "people": [_person(attendee) for attendee in registration.attendees if attendee.is_active],
        }
        return compose("events/booking", registration.lang, context)


def queued(attendee: Attendee, position: int) -> Email:
    """You are in the queue; `position` counts from 1."""
    return plain_letter("events/queued", attendee, position=position)


def seat_offered(attendee: Attendee) -> Email:
    """A seat is free for you until a certain moment."""
    ends_at = attendee.offer_ends_at or attendee.event.starts_at
    with speaking(attendee.registration.lang):
        return plain_letter("events/seat_offered", attendee, answer_by=moment(ends_at))


def offer_ended(attendee: Attendee) -> Email:
    return plain_letter("events/offer_ended", attendee)


def seat_cancelled(attendee: Attendee) -> Email:
    """Confirms that the person has left, and takes the entry out of the calendar."""
    return _with_calendar("events/seat_cancelled", attendee)


def seat_moved(attendee: Attendee, new: Attendee) -> Email:
    """Staff moved the person to another event (`new` there); takes the old entry out of the calendar."""
    with speaking(attendee.registration.lang):
        more = {"new": event_facts(new.event, attendee.registration.lang), "new_url": manage_url(new)}
    return _with_calendar("events/seat_moved", attendee, **more)


def event_changed(attendee: Attendee, former: FormerFacts | None = None) -> Email:
    """New time or place, and what the person knew before (`former`) where that has changed.

    Those with a seat get ticket and calendar entry anew, since an earlier letter is replaced.
    """
    with speaking(attendee.registration.lang):
        was = _what_was(attendee.event, former)
    if attendee.state is not AttendeeState.CONFIRMED:
        return plain_letter("events/event_changed", attendee, was=was)
    return letter_with_ticket("events/event_changed", attendee, was=was)


def _what_was(event: Event, former: FormerFacts | None) -> list[str]:
    """The former time and the former place, each only where the event has another now."""
    if former is None:
        return []
    times = period(former.starts_at, former.ends_at)
    return [
        text
        for text, holds in (
            (times, (former.starts_at, former.ends_at) == (event.starts_at, event.ends_at)),
            (_where(former), _where(former) == _where(event)),
        )
        if text and not holds
    ]


def _where(at: Event | FormerFacts) -> str:
    return ", ".join(part for part in (at.place, at.address) if part)


def event_cancelled(attendee: Attendee) -> Email:
    with speaking(attendee.registration.lang):
        more = {"why": attendee.event.cancelled_why, "calendar_url": link("events.show_calendar")}
    return _with_calendar("events/event_cancelled", attendee, **more)


def already_registered(attendee: Attendee) -> Email:
    """Somebody tried to register this address again."""
    return plain_letter("events/already_registered", attendee)


def message(attendee: Attendee, written: Message) -> Email:
    """What staff wrote, as they wrote it."""
    return plain_letter("events/message", attendee, subject=written.subject, body=written.body)


def my_bookings(address: str, attendees: list[Attendee], lang: str) -> Email:
    """The links to everything that is booked under one address (as rows compare them), one link a booking."""
    with speaking(lang):
        bookings: dict[str, list[Attendee]] = {}
        for attendee in attendees:
            bookings.setdefault(_booking_url(attendee, address), []).append(attendee)
        context = {
            "bookings": [
                {
                    "event": event_facts(people[0].event, lang),
                    "manage_url": address_of_page,
                    "people": [_person(attendee) for attendee in people],
                }
                for address_of_page, people in bookings.items()
            ],
            "calendar_url": link("events.show_calendar"),
        }
        return compose("events/my_bookings", lang, context)


# --- parts --------------------------------------------------------------------------------------------------------


def manage_url(attendee: Attendee) -> str:
    """The page where this person changes or cancels: a booker's shows the whole booking, others' only their own."""
    return _booking_url(attendee, attendee.email_key)


def _booking_url(attendee: Attendee, reader: str) -> str:
    """The page for whoever reads letters at this address."""
    registration = attendee.registration
    is_booker = reader == registration.booker_email_key
    return link("events.show_booking", token=registration.token if is_booker else attendee.token)


def _is_the_readers(attendee: Attendee) -> bool:
    """Whether the letter's "you" is this person: False for a colleague whose letters go to the booker's address."""
    if attendee.address_claim is None:
        return False
    registration = attendee.registration
    booked_for_another = attendee.name.casefold() != registration.booker_name.casefold()
    return not (attendee.email_key == registration.booker_email_key and booked_for_another)


def _somebody_else_who_booked(attendee: Attendee) -> str:
    """Whom a letter that says "you" names as the one who registered them; "" when they did so themselves."""
    registration = attendee.registration
    is_booker = attendee.email_key == registration.booker_email_key
    return "" if is_booker or not _is_the_readers(attendee) else registration.booker_name


def event_facts(event: Event, lang: str) -> dict[str, str]:
    """What every letter says about an event, as finished texts in the language now spoken."""
    return {
        "title": event.in_language(lang, "title"),
        "when": period(event.starts_at, event.ends_at),
        "starts": moment(event.starts_at),
        "short": _short_moment(event.starts_at),
        "place": event.place,
        "address": event.address,
        "where": _where(event),
        "url": link("events.show_event", slug=event.slug),
        "contact_name": event.contact_name,
        "contact_email": event.contact_email,
        "contact_phone": event.contact_phone,
    }


def _short_moment(when: datetime) -> str:
    """`5 mars kl. 11.30`, for subject lines."""
    return f"{short_day(when)} at {clock(when)}" if language() == ENGLISH else f"{short_day(when)} kl. {clock(when)}"


def _about(attendee: Attendee) -> dict[str, Any]:
    lang = attendee.registration.lang
    return {
        "event": event_facts(attendee.event, lang),
        "name": attendee.name,
        "yours": _is_the_readers(attendee),
        "booker": _somebody_else_who_booked(attendee),
        "had_seat": attendee.confirmed_at is not None,
        "manage_url": manage_url(attendee),
        "state": attendee.state.value,
    }


def _others(attendee: Attendee) -> list[dict[str, str]]:
    registration = attendee.registration
    if attendee.email_key != registration.booker_email_key:
        return []
    return [_person(other) for other in registration.attendees if other is not attendee and other.is_active]


def _person(attendee: Attendee) -> dict[str, str]:
    return {"name": attendee.name, "state": attendee.state.value}


def plain_letter(letter: str, attendee: Attendee, **more: Any) -> Email:
    """A letter to a person without ticket or files; `more` is what it says besides the event and the person."""
    with speaking(attendee.registration.lang):
        return compose(letter, attendee.registration.lang, {**_about(attendee), **more})


def letter_with_ticket(letter: str, attendee: Attendee, **more: Any) -> Email:
    """A letter with the ticket and everything for the calendar; `more` is what it says besides."""
    with speaking(attendee.registration.lang):
        own, printed = own_programme(attendee), _ticket_pdf(attendee)
        context = {
            **_about(attendee),
            "ticket_url": link("events.show_ticket", code=attendee.ticket_code),
            "human_code": human_code(attendee.ticket_code),
            "others": _others(attendee),
            "has_pdf": bool(printed),
            "programme": programme_lines(own, attendee.event),
            **more,
        }
        files = (*_calendar_entries(attendee, own), *printed)
        picture = Inline("ticket", "image/png", documents.qr_png(attendee.ticket_code, QR_PIXELS))
        return compose(letter, attendee.registration.lang, context, attachments=files, inline=(picture,))


def _with_calendar(letter: str, attendee: Attendee, **more: Any) -> Email:
    """With the calendar entries, for those who have ever got some."""
    with speaking(attendee.registration.lang):
        context = {**_about(attendee), **more}
        files = _calendar_entries(attendee, own_programme(attendee)) if attendee.confirmed_at is not None else ()
        return compose(letter, attendee.registration.lang, context, attachments=files)


def _calendar_entries(attendee: Attendee, own: OwnProgramme) -> tuple[Attachment, ...]:
    """A file an entry, the event's own first: calendars take several entries of one file for one."""
    files = []
    for number, meeting in enumerate(attendee_meetings(attendee, own)):
        method = {"method": meeting_method(meeting), "charset": "utf-8"}
        name = gettext("pass-%(number)s.ics", number=number) if number else gettext("evenemang.ics")
        files.append(Attachment(name, "text/calendar", meeting_calendar(attendee, meeting), method))
    return tuple(files)


def _ticket_pdf(attendee: Attendee) -> tuple[Attachment, ...]:
    try:
        return (Attachment(gettext("biljett.pdf"), "application/pdf", ticket_pdf(attendee)),)
    except documents.NoPdf:
        return ()


def ticket_pdf(attendee: Attendee) -> bytes:
    """The ticket on one A4, to print. Raises documents.NoPdf where the machine cannot draw PDF."""
    lang = attendee.registration.lang
    with speaking(lang):
        return documents.pdf(
            "events/ticket_pdf.html",
            name=attendee.name,
            company=attendee.registration.company_name,
            event=event_facts(attendee.event, lang),
            programme=programme_lines(own_programme(attendee), attendee.event),
            qr=documents.data_uri(documents.qr_png(attendee.ticket_code, 16)),
            ticket_url=link("events.show_ticket", code=attendee.ticket_code),
            human_code=human_code(attendee.ticket_code),
        )
