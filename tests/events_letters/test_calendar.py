"""The calendar entry over a seat's whole life: one UID, a rising SEQUENCE, the right hour in summer and in winter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events import booking, planning
from eventsys.events.calendar import attendee_calendar, event_calendar
from eventsys.events.models import Attendee
from tests.factories import make_event, make_person, make_registration


def read(content: bytes) -> tuple[Any, Any]:
    """(calendar, its one entry); icalendar's values have many types, so they are not told apart here."""
    calendar: Any = Calendar.from_ical(content)
    [entry] = calendar.walk("VEVENT")
    return calendar, entry


def one_attendee(**event: object) -> Attendee:
    [attendee] = make_registration(make_event(**event), ["Karin Åberg"]).attendees
    return attendee


def again(attendee: Attendee) -> Attendee:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Attendee, attendee.id)


def test_the_entry_asks_for_the_time_in_stockholm(app: Flask) -> None:
    calendar, entry = read(attendee_calendar(one_attendee()))
    assert calendar["METHOD"] == "REQUEST"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Stockholm"]
    assert entry["DTSTART"].params["TZID"] == "Europe/Stockholm"
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["LOCATION"] == "Åhaga, Åhagagatan 1, Borås"
    assert entry["ATTENDEE"].params["CN"] == "Karin Åberg"
    assert entry["ATTENDEE"] == "mailto:karin.aberg@foretag.se"


@pytest.mark.parametrize(
    ("starts_at", "wall_clock"),
    [
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), "00:30 +0100"),  # the night clocks go forward
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "01:59 +0100"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "03:00 +0200"),
        (datetime(2027, 7, 1, 9, 30, tzinfo=UTC), "11:30 +0200"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "02:30 +0200"),  # the night clocks go back
        (datetime(2027, 10, 31, 2, 0, tzinfo=UTC), "03:00 +0100"),
        (datetime(2027, 12, 1, 10, 30, tzinfo=UTC), "11:30 +0100"),
    ],
)
def test_the_hour_is_right_on_both_sides_of_the_time_change(app: Flask, starts_at: datetime, wall_clock: str) -> None:
    with time_machine.travel(starts_at - timedelta(days=7)):
        attendee = one_attendee(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    _, entry = read(attendee_calendar(attendee))
    assert entry.start.strftime("%H:%M %z") == wall_clock
    assert entry.start.astimezone(UTC) == starts_at
    assert entry.end.astimezone(UTC) == starts_at + timedelta(hours=3)


@pytest.mark.parametrize("year", [1996, 2026, 2027, 2030, 2045])
def test_our_two_rules_are_those_of_swedish_time(app: Flask, year: int) -> None:
    """A calendar that goes by the VTIMEZONE in the file, not by the name, finds the same hours."""
    calendar, _ = read(attendee_calendar(one_attendee()))
    [zone] = calendar.walk("VTIMEZONE")
    from_file = zone.to_tz(lookup_tzid=False)
    for month, hour in ((1, 12), (4, 1), (6, 12), (11, 1), (12, 23)):
        wall = datetime(year, month, 15, hour)  # noqa: DTZ001 - a wall clock on purpose
        expected = timedelta(hours=2) if 4 <= month <= 10 else timedelta(hours=1)
        assert wall.replace(tzinfo=from_file).utcoffset() == expected


def test_uid_stays_and_sequence_rises_over_a_seats_life(app: Flask) -> None:
    attendee = one_attendee()
    seen = [read(attendee_calendar(attendee))]
    with transaction():
        planning.edit_event(attendee.event_id, {"place": "Textile Fashion Center"}, now())
    seen.append(read(attendee_calendar(again(attendee))))
    with transaction():
        later = attendee.event.starts_at + timedelta(days=1)
        planning.edit_event(attendee.event_id, {"starts_at": later, "ends_at": later + timedelta(hours=1)}, now())
    seen.append(read(attendee_calendar(again(attendee))))
    with transaction():
        booking.cancel_people([again(attendee)], now())
    seen.append(read(attendee_calendar(again(attendee))))
    assert len({entry["UID"] for _, entry in seen}) == 1
    sequences = [entry["SEQUENCE"] for _, entry in seen]
    assert sequences == sorted(set(sequences))
    assert [calendar["METHOD"] for calendar, _ in seen] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert seen[1][1]["LOCATION"].startswith("Textile Fashion Center")
    assert seen[-1][1]["STATUS"] == "CANCELLED"
    assert "URL" not in seen[-1][1]


def test_a_cancelled_event_takes_the_entry_out_of_every_calendar(app: Flask) -> None:
    attendee = one_attendee()
    _, before = read(attendee_calendar(attendee))
    with transaction():
        planning.cancel_event(attendee.event_id, "Talaren är sjuk.", now())
    calendar, after = read(attendee_calendar(again(attendee)))
    assert calendar["METHOD"] == "CANCEL"
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_two_people_have_two_entries(app: Flask) -> None:
    one, other = make_registration(make_event(), ["Karin Åberg", "Bo Öberg"]).attendees
    assert read(attendee_calendar(one))[1]["UID"] != read(attendee_calendar(other))[1]["UID"]


@pytest.mark.parametrize(
    "hostile", ['Anna "Ann" Ek', "A;B,C:D\\E", "Rad ett\r\nATTENDEE:mailto:x@foretag.se", "Å" * 90]
)
def test_hostile_words_stay_inside_their_property(app: Flask, hostile: str) -> None:
    event = make_event(title=hostile, place=hostile)
    [attendee] = make_registration(event, [make_person(hostile, "anna@foretag.se")]).attendees
    content = attendee_calendar(attendee)
    _, entry = read(content)
    assert entry["ATTENDEE"] == "mailto:anna@foretag.se"
    assert entry["SUMMARY"].replace("\r", "") == hostile.replace("\r", "")
    assert b"\nATTENDEE:mailto:x" not in content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_the_public_feed_is_one_calendar_with_all_events(app: Flask) -> None:
    events = [make_event(title=f"Fredagslunch {number}") for number in range(3)]
    calendar = Calendar.from_ical(event_calendar(events, {}))
    assert calendar["METHOD"] == "PUBLISH"
    assert [entry["SUMMARY"] for entry in calendar.walk("VEVENT")] == [event.title for event in events]
    assert len(calendar.walk("VTIMEZONE")) == 1
