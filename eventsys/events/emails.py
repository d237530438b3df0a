"""The letters about events: one pure function each, from rows to Email."""

from __future__ import annotations

from typing import Any

from eventsys import documents
from eventsys.events.calendar import attendee_calendar, calendar_method
from eventsys.events.models import Attendee, AttendeeState, Event, Message, Registration
from eventsys.i18n import clock, link, moment, period, speaking
from eventsys.mail.compose import Attachment, Email, Inline, compose
from eventsys.tokens import human_code

QR_PIXELS = 6


def ticket(attendee: Attendee) -> Email:
    """The confirmation for one person, with ticket and calendar entry; for a booker, the others too."""
    return _with_ticket("events/ticket", attendee)


def booking(registration: Registration) -> Email:
    """The overview for a booker who does not attend."""
    with speaking(registration.lang):
        context = {
            "event": event_facts(registration.event, registration.lang),
            "name": registration.booker_name,
            "company": registration.company_name,
            "manage_url": link("events.show_booking", token=registration.token),
            "people": [_person(attendee) for attendee in registration.attendees if attendee.is_active],
        }
        return compose("events/booking", registration.lang, context)


def queued(attendee: Attendee, position: int) -> Email:
    """You are in the queue; `position` counts from 1."""
    return _plain("events/queued", attendee, position=position)


def seat_offered(attendee: Attendee) -> Email:
    """A seat is free for you until a certain moment."""
    ends_at = attendee.offer_ends_at or attendee.event.starts_at
    with speaking(attendee.registration.lang):
        return _plain("events/seat_offered", attendee, answer_by=moment(ends_at))


def offer_ended(attendee: Attendee) -> Email:
    return _plain("events/offer_ended", attendee)


def seat_cancelled(attendee: Attendee) -> Email:
    """Confirms that the person has left, and takes the entry out of the calendar."""
    return _with_calendar("events/seat_cancelled", attendee)


def event_changed(attendee: Attendee) -> Email:
    """New time or place; those with a seat get ticket and calendar entry anew, since an earlier letter is replaced."""
    if attendee.state is not AttendeeState.CONFIRMED:
        return _plain("events/event_changed", attendee)
    return _with_ticket("events/event_changed", attendee)


def event_cancelled(attendee: Attendee) -> Email:
    return _with_calendar("events/event_cancelled", attendee, why=attendee.event.cancelled_why)


def already_registered(attendee: Attendee) -> Email:
    """Somebody tried to register this address again."""
    return _plain("events/already_registered", attendee)


def message(attendee: Attendee, written: Message) -> Email:
    """What staff wrote, as they wrote it."""
    return _plain("events/message", attendee, subject=written.subject, body=written.body)


def my_bookings(name: str, attendees: list[Attendee], lang: str) -> Email:
    """The links to everything that is booked under one address."""
    with speaking(lang):
        context = {
            "name": name,
            "bookings": [{**event_facts(one.event, lang), "manage_url": manage_url(one)} for one in attendees],
            "calendar_url": link("events.show_calendar"),
        }
        return compose("events/my_bookings", lang, context)


# --- parts --------------------------------------------------------------------------------------------------------


def manage_url(attendee: Attendee) -> str:
    """The page where this person changes or cancels: a booker's shows the whole booking, others' only their own."""
    registration = attendee.registration
    is_booker = attendee.email_key == registration.booker_email_key
    return link("events.show_booking", token=registration.token if is_booker else attendee.token)


def event_facts(event: Event, lang: str) -> dict[str, str]:
    """What every letter says about an event, as finished texts in the language now spoken."""
    return {
        "title": event.in_language(lang, "title"),
        "when": period(event.starts_at, event.ends_at),
        "starts": moment(event.starts_at),
        "starts_clock": clock(event.starts_at),
        "place": event.place,
        "address": event.address,
        "url": link("events.show_event", slug=event.slug),
        "contact_name": event.contact_name,
        "contact_email": event.contact_email,
        "contact_phone": event.contact_phone,
    }


def _about(attendee: Attendee) -> dict[str, Any]:
    lang = attendee.registration.lang
    return {
        "event": event_facts(attendee.event, lang),
        "name": attendee.name,
        "company": attendee.registration.company_name,
        "manage_url": manage_url(attendee),
        "state": attendee.state.value,
    }


def _others(attendee: Attendee) -> list[dict[str, str]]:
    registration = attendee.registration
    if attendee.email_key != registration.booker_email_key:
        return []
    return [_person(other) for other in registration.attendees if other is not attendee and other.is_active]


def _person(attendee: Attendee) -> dict[str, str]:
    return {"name": attendee.name, "email": attendee.email, "state": attendee.state.value}


def _plain(letter: str, attendee: Attendee, **more: Any) -> Email:
    with speaking(attendee.registration.lang):
        return compose(letter, attendee.registration.lang, {**_about(attendee), **more})


def _with_ticket(letter: str, attendee: Attendee) -> Email:
    with speaking(attendee.registration.lang):
        context = {
            **_about(attendee),
            "ticket_url": link("events.show_ticket", code=attendee.ticket_code),
            "human_code": human_code(attendee.ticket_code),
            "others": _others(attendee),
        }
        files = (_calendar_entry(attendee), *_ticket_pdf(attendee))
        picture = Inline("ticket", "image/png", documents.qr_png(attendee.ticket_code, QR_PIXELS))
        return compose(letter, attendee.registration.lang, context, attachments=files, inline=(picture,))


def _with_calendar(letter: str, attendee: Attendee, **more: Any) -> Email:
    with speaking(attendee.registration.lang):
        context = {**_about(attendee), **more}
        return compose(letter, attendee.registration.lang, context, attachments=(_calendar_entry(attendee),))


def _calendar_entry(attendee: Attendee) -> Attachment:
    method = {"method": calendar_method(attendee), "charset": "utf-8"}
    return Attachment("evenemang.ics", "text/calendar", attendee_calendar(attendee), method)


def _ticket_pdf(attendee: Attendee) -> tuple[Attachment, ...]:
    try:
        return (Attachment("biljett.pdf", "application/pdf", ticket_pdf(attendee)),)
    except documents.NoPdf:
        return ()


def ticket_pdf(attendee: Attendee) -> bytes:
    """The ticket on one A4, to print. Raises documents.NoPdf where the machine cannot draw PDF."""
    return documents.pdf(
        "events/ticket_pdf.html",
        attendee=attendee,
        event=event_facts(attendee.event, attendee.registration.lang),
        qr=documents.qr_svg(attendee.ticket_code, attendee.ticket_code),
        human_code=human_code(attendee.ticket_code),
    )
