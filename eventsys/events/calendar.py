"""Calendar entries (RFC 5545): one UID per person and event for life, a rising SEQUENCE, and CANCEL at the end."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from icalendar import Calendar, Timezone, vCalAddress, vText
from icalendar import Event as Entry

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.events.models import Attendee, Event, EventState
from eventsys.i18n import language, link

PRODUCT = "-//eventsys//SV"

# Swedish time as two yearly rules, as every calendar program understands them (EU directive 2000/84/EC). What icalendar
# would write by itself lists every change since 1970 in 2 kB.
STOCKHOLM_RULES = Timezone.from_ical("""\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
""")


def attendee_calendar(attendee: Attendee) -> bytes:
    """The entry for one person's calendar: METHOD:REQUEST while the seat is theirs, METHOD:CANCEL afterwards.

    The SEQUENCE is the attendee's letter number, which rises with every letter that replaces the one before, so that
    a calendar always takes the newest.
    """
    keeps = _keeps_seat(attendee)
    calendar = _calendar(calendar_method(attendee))
    entry = _entry(attendee.event, f"person-{attendee.id}", attendee.letter_number)
    entry.add("status", "CONFIRMED" if keeps else "CANCELLED")
    entry.add("organizer", _organizer())
    entry.add("attendee", _guest(attendee), encode=False)
    if keeps:
        entry["url"] = link("events.show_ticket", code=attendee.ticket_code)
    calendar.add_component(entry)
    return _bytes(calendar)


def event_calendar(events: Iterable[Event]) -> bytes:
    """Public events as one calendar to subscribe to or to download (METHOD:PUBLISH)."""
    calendar = _calendar("PUBLISH")
    for event in events:
        entry = _entry(event, f"event-{event.id}", event.sequence)
        entry.add("status", "CANCELLED" if event.state is EventState.CANCELLED else "CONFIRMED")
        entry["url"] = link("events.show_event", slug=event.slug)
        calendar.add_component(entry)
    return _bytes(calendar)


def calendar_method(attendee: Attendee) -> str:
    """The METHOD that the letter's content type must repeat."""
    return "REQUEST" if _keeps_seat(attendee) else "CANCEL"


def _keeps_seat(attendee: Attendee) -> bool:
    return attendee.has_seat and attendee.event.state is not EventState.CANCELLED


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(STOCKHOLM_RULES)
    return calendar


def _entry(event: Event, key: str, sequence: int) -> Entry:
    lang = language()
    entry = Entry()
    entry.add("uid", f"{key}@{urlsplit(settings().base_url).hostname}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", now())
    entry.add("summary", event.in_language(lang, "title"))
    entry.add("dtstart", local(event.starts_at))
    entry.add("dtend", local(event.ends_at))
    entry.add("location", ", ".join(part for part in (event.place, event.address) if part))
    entry.add(
        "description", "\n\n".join(part for part in (event.in_language(lang, "summary"), _address(event)) if part)
    )
    return entry


def _address(event: Event) -> str:
    return link("events.show_event", slug=event.slug)


def _organizer() -> vCalAddress:
    name, address = parseaddr(settings().mail_from)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["cn"] = vText(name or address)
    return organizer


def _guest(attendee: Attendee) -> vCalAddress:
    guest = vCalAddress(f"mailto:{attendee.email}")
    guest.params["cn"] = vText(attendee.name)
    guest.params["partstat"] = vText("ACCEPTED")
    guest.params["rsvp"] = vText("FALSE")
    return guest


def _bytes(calendar: Calendar) -> bytes:
    finished: bytes = calendar.to_ical()
    return finished
