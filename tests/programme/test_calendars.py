"""One entry for each session chosen and each part of a course, each with its UID for life."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.calendar import attendee_calendar, attendee_meetings, event_calendar, meeting_calendar
from eventsys.events.models import Attendee
from eventsys.events.programme.own import own_programme
from eventsys.events.programme.queries import slots_of
from tests.events.scenes import cancel_people, person
from tests.factories import make_event
from tests.programme.scenes import comes, make_session, make_slot, picks, workshop_day
from tests.programme.test_arranging import a_course, edit_session, remove_session, remove_slot

pytestmark = pytest.mark.usefixtures("february")


def entries(attendee: Attendee) -> dict[str, tuple[str, str, int]]:
    """UID without host -> (METHOD, summary, SEQUENCE) of everything a letter would carry now."""
    db.session.rollback()
    db.session.expire_all()
    found = {}
    for meeting in attendee_meetings(attendee, own_programme(attendee)):
        calendar = Calendar.from_ical(meeting_calendar(attendee, meeting))
        [entry] = calendar.walk("VEVENT")
        found[str(entry["UID"]).split("@")[0]] = (
            str(calendar["METHOD"]),
            str(entry["SUMMARY"]),
            int(entry["SEQUENCE"]),
        )
    return found


def test_the_event_and_each_session_chosen_have_an_entry(app):
    event, [a, _b] = workshop_day(2, 2)
    asa = comes(event, "Åsa", a)
    assert {uid: entry[:2] for uid, entry in entries(asa).items()} == {
        f"person-{asa.id}": ("REQUEST", "Näringslivsdagen"),
        f"person-{asa.id}-session-{a.id}": ("REQUEST", "A"),
    }


def test_a_session_left_is_taken_out_and_one_come_back_to_rises(app):
    event, [a, b] = workshop_day(2, 2)
    asa = comes(event, "Åsa", a)
    before = entries(asa)[f"person-{asa.id}-session-{a.id}"][2]
    picks(asa, b)
    assert entries(asa)[f"person-{asa.id}-session-{a.id}"][0] == "CANCEL"
    picks(asa, a)
    method, _title, sequence = entries(asa)[f"person-{asa.id}-session-{a.id}"]
    assert (method, sequence) == ("REQUEST", before + 2)
    assert entries(asa)[f"person-{asa.id}-session-{b.id}"][0] == "CANCEL"


def test_a_session_only_queued_for_stands_in_no_calendar(app):
    event, [a, _b] = workshop_day(1, 2)
    comes(event, "Åsa", a)
    bo = comes(event, "Bo", a, queue=True)
    assert list(entries(bo)) == [f"person-{bo.id}"]


def test_a_new_room_rises_and_a_session_removed_is_cancelled(app):
    event, [a, _b] = workshop_day(2, 2)
    asa = comes(event, "Åsa", a)
    uid = f"person-{asa.id}-session-{a.id}"
    before = entries(asa)[uid][2]
    edit_session(event.id, a.id, {"room": "Aulan"}, now())
    assert entries(asa)[uid][2] == before + 1
    assert "Aulan" in attendee_calendar(asa, own_programme(asa)).decode()
    remove_session(event.id, a.id, now())
    assert entries(asa)[uid][0] == "CANCEL"


def test_who_leaves_takes_everything_out(app):
    event, [a, _b] = workshop_day(2, 2)
    asa = comes(event, "Åsa", a)
    cancel_people([asa], now())
    assert {entry[0] for entry in entries(person("Åsa")).values()} == {"CANCEL"}
    assert len(entries(person("Åsa"))) == 2


def test_a_course_has_an_entry_a_date_and_none_from_first_to_last(app):
    event = a_course()
    asa = comes(event, "Åsa")
    first, second, third = slots_of(event)
    assert {uid: entry[1] for uid, entry in entries(asa).items()} == {
        f"person-{asa.id}": "Anbudsskola: Tillfälle 1",
        f"person-{asa.id}-part-{second.id}": "Anbudsskola: Tillfälle 2",
        f"person-{asa.id}-part-{third.id}": "Anbudsskola: Tillfälle 3",
    }
    remove_slot(event.id, second.id, now())
    assert entries(asa)[f"person-{asa.id}-part-{second.id}"][0] == "CANCEL"
    remove_slot(event.id, first.id, now())
    assert entries(asa)[f"person-{asa.id}"][:2] == ("REQUEST", "Anbudsskola")


def test_several_points_on_a_date_are_one_entry_from_first_to_last(app):
    starts_at = datetime(2027, 3, 5, 8, 0, tzinfo=UTC)
    event = make_event(starts_at=starts_at, ends_at=datetime(2027, 3, 12, 16, 0, tzinfo=UTC))
    for begins in (0, 2, 24 * 7):
        make_session(make_slot(event, begins, 1), "Punkt")
    [one, other] = Calendar.from_ical(event_calendar([event], {event.id: slots_of(event)})).walk("VEVENT")
    assert (one.decoded("DTEND") - one.decoded("DTSTART")).seconds == 3 * 3600
    assert str(one["SUMMARY"]) == "Fredagslunch: del 1 av 2"
    assert {str(one["UID"]).split("@")[0], str(other["UID"]).split("-")[0]} == {f"event-{event.id}", "event"}


def test_the_download_of_a_ticket_holds_what_takes_place_and_the_public_file_a_part_a_date(app, client):
    event = a_course()
    asa = comes(event, "Åsa")
    content = client.get(f"/biljett/{asa.ticket_code}/kalender.ics").data
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 3
    assert len(Calendar.from_ical(client.get(f"/evenemang/{event.slug}/kalender.ics").data).walk("VEVENT")) == 3
    assert len(Calendar.from_ical(client.get("/kalender.ics").data).walk("VEVENT")) == 3
