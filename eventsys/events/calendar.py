"""Calendar entries (RFC 5545): one UID per person and meeting for life, a rising SEQUENCE, and CANCEL at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from flask_babel import gettext as _
from icalendar import Calendar, Timezone, vCalAddress, vText
from icalendar import Event as Entry

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.events.models import Attendee, Event, EventState
from eventsys.events.programme.models import Session, Slot
from eventsys.events.programme.own import NO_PROGRAMME, OwnProgramme
from eventsys.events.programme.parts import Part, is_course, parts_of
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


@dataclass(frozen=True)
class Meeting:
    """One entry of a calendar: the event, a part of a course, or a session somebody chose."""

    key: str  # with the host, the UID: the same for life
    summary: str
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    takes_place: bool = True


def attendee_meetings(attendee: Attendee, programme: OwnProgramme) -> list[Meeting]:
    """Everything that one person's calendar shall hold of an event, and what it shall hold no longer.

    First the event itself, or each part of a course, then each session the person chose. When the seat is no longer
    theirs, everything they were ever sent is taken out again.
    """
    keeps, lang = _keeps_seat(attendee), language()
    own = _event_meetings(attendee.event, programme.slots, f"person-{attendee.id}")
    sessions = [_session_meeting(attendee, session, lang, keeps) for session in programme.held]
    left = [_session_meeting(attendee, session, lang, False) for session in programme.left]
    return [replace(one, takes_place=one.takes_place and keeps) for one in own] + sessions + left


def _event_meetings(event: Event, slots: Sequence[Slot], key: str) -> list[Meeting]:
    """One entry, or one a date for a course; the date planned first keeps the UID of the event."""
    title, parts = event.in_language(language(), "title"), parts_of(slots, language())
    if not is_course(slots):
        gone = [part for part in parts if part.is_removed and not part.is_first_planned]
        whole = Meeting(key, title, event.starts_at, event.ends_at)
        return [whole, *(_part_meeting(part, key, title, 0) for part in gone)]
    count = max(part.number for part in parts)
    return [_part_meeting(part, key, title, count) for part in parts]


def _part_meeting(part: Part, key: str, title: str, count: int) -> Meeting:
    words = part.names[0] if len(part.names) == 1 else _("del %(n)s av %(all)s", n=part.number, all=count)
    return Meeting(
        key if part.is_first_planned else f"{key}-part-{part.slot_id}",
        f"{title}: {words}" if part.number else title,
        part.starts_at,
        part.ends_at,
        takes_place=not part.is_removed,
    )


def _session_meeting(attendee: Attendee, session: Session, lang: str, takes_place: bool) -> Meeting:
    return Meeting(
        f"person-{attendee.id}-session-{session.id}",
        session.in_language(lang, "title"),
        session.slot.starts_at,
        session.slot.ends_at,
        session.room,
        takes_place,
    )


def meeting_calendar(attendee: Attendee, meeting: Meeting) -> bytes:
    """One entry for one person's calendar, alone in its file as RFC 5546 wants it: METHOD:REQUEST or METHOD:CANCEL.

    The SEQUENCE is the attendee's letter number, which rises with every letter that replaces the one before, so that
    a calendar always takes the newest.
    """
    calendar = _calendar(meeting_method(meeting))
    entry = _own_entry(attendee, meeting)
    entry.add("organizer", _organizer())
    entry.add("attendee", _guest(attendee), encode=False)
    calendar.add_component(entry)
    return _bytes(calendar)


def attendee_calendar(attendee: Attendee, programme: OwnProgramme | None = None) -> bytes:
    """All that one person's calendar shall hold of an event, to download; several entries as METHOD:PUBLISH.

    Without the programme it is the event alone.
    """
    meetings = attendee_meetings(attendee, programme or NO_PROGRAMME)
    meetings = [meeting for meeting in meetings if meeting.takes_place] or meetings
    if len(meetings) == 1:
        return meeting_calendar(attendee, meetings[0])
    calendar = _calendar("PUBLISH")
    for meeting in meetings:
        calendar.add_component(_own_entry(attendee, meeting))
    return _bytes(calendar)


def _own_entry(attendee: Attendee, meeting: Meeting) -> Entry:
    entry = _entry(attendee.event, meeting, attendee.letter_number)
    if _keeps_seat(attendee):
        entry["url"] = link("events.show_ticket", code=attendee.ticket_code)
    return entry


def event_calendar(events: Iterable[Event], programmes: Mapping[int, Sequence[Slot]]) -> bytes:
    """Public events as one calendar to subscribe to or to download (METHOD:PUBLISH), a course as one entry a date.

    `programmes` are the slots of each event, by its id.
    """
    calendar = _calendar("PUBLISH")
    for event in events:
        for meeting in _event_meetings(event, programmes.get(event.id, ()), f"event-{event.id}"):
            called_off = event.state is EventState.CANCELLED
            shown = replace(meeting, takes_place=meeting.takes_place and not called_off)
            entry = _entry(event, shown, event.sequence)
            entry["url"] = link("events.show_event", slug=event.slug)
            calendar.add_component(entry)
    return _bytes(calendar)


def meeting_method(meeting: Meeting) -> str:
    """The METHOD that the letter's content type must repeat."""
    return "REQUEST" if meeting.takes_place else "CANCEL"


def _keeps_seat(attendee: Attendee) -> bool:
    return attendee.has_seat and attendee.event.state is not EventState.CANCELLED


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(STOCKHOLM_RULES)
    return calendar


def _entry(event: Event, meeting: Meeting, sequence: int) -> Entry:
    entry = Entry()
    entry.add("uid", f"{meeting.key}@{urlsplit(settings().base_url).hostname}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", now())
    entry.add("summary", meeting.summary)
    entry.add("dtstart", local(meeting.starts_at))
    entry.add("dtend", local(meeting.ends_at))
    entry.add("location", ", ".join(part for part in (meeting.room, event.place, event.address) if part))
    entry.add("description", "\n\n".join(part for part in (_what(event, meeting), _address(event)) if part))
    entry.add("status", "CONFIRMED" if meeting.takes_place else "CANCELLED")
    return entry


def _what(event: Event, meeting: Meeting) -> str:
    """The event's sentence; for a session, which event it belongs to."""
    return event.in_language(language(), "title" if "-session-" in meeting.key else "summary")


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
