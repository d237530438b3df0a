"""What staff see and choose: the switches, when each round goes out, how each letter reads, who has said yes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import DayBefore, Event, EventState, Series
from eventsys.events.reminders.coming import say_coming
from eventsys.staff.models import Account
from tests.events.scenes import cancel_event, edit_event, kept, person
from tests.factories import make_event, make_registration, make_series
from tests.reminders.scenes import AFTER, COMING, EVERYTHING, WEEK, lunch, planned, set_states, tick, wall
from tests.staff_fixtures import Visitor, see_anew, visitor_as


@dataclass
class Desk:
    """An organiser who signs in anew for each page, as weeks go by between them."""

    app: Flask
    account: Account

    def get(self, path: str) -> TestResponse:
        return visitor_as(self.app, self.account).get(path)

    def post(self, path: str, **given: object) -> TestResponse:
        return visitor_as(self.app, self.account).post(path, **given)


@pytest.fixture
def staff(app: Flask, clock: time_machine.Traveller, organiser: Account) -> Desk:
    return Desk(app, organiser)


@pytest.fixture
def event(staff: Desk) -> Event:
    made = lunch()
    make_registration(made, ["Åsa Ek", "Bo Alm"])
    return made


def words_of(page: str) -> str:
    """The text of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def letters_page(staff: Desk, event: Event) -> str:
    return words_of(staff.get(f"/personal/evenemang/{event.id}/brev").text)


def settings_of(event: Event, **given: object) -> dict[str, object]:
    form = {
        "title": event.title, "summary": event.summary, "day": "2026-03-26", "starts": "12.00", "ends": "13.00",
        "place": event.place, "address": event.address, "capacity": event.capacity, "party_size": event.party_size,
        "company_seats": "0", "request_seats": "0",
    }  # fmt: skip
    return {**form, **given}


def test_the_settings_say_when_each_round_goes_out(staff: Desk, event: Event) -> None:
    page = words_of(staff.get(f"/personal/evenemang/{event.id}/installningar").text)
    assert "Påminnelse en vecka före Går ut torsdag 19 mars kl. 09.00." in page
    assert "Fråga om de kommer Går ut onsdag 25 mars kl. 09.00." in page
    assert "Går ut fredag 27 mars kl. 09.00, när ni har noterat vilka som kom." in page


def test_a_time_that_has_passed_is_said(staff: Desk, event: Event, clock: time_machine.Traveller) -> None:
    clock.move_to(wall("2026-03-19 09.00"))
    page = words_of(staff.get(f"/personal/evenemang/{event.id}/installningar").text)
    assert "Skulle ha gått ut torsdag 19 mars kl. 09.00. Det skickas inte i efterhand." in page


def test_switches_of_the_settings_change_what_is_planned(staff: Desk, event: Event) -> None:
    where = f"/personal/evenemang/{event.id}/installningar"
    answer = staff.post(where, data=settings_of(event, day_before="ask", says_thanks="y"))
    assert answer.status_code == 302, words_of(answer.text)
    assert planned(event).keys() == {COMING, AFTER}
    assert staff.post(where, data=settings_of(event, day_before="fel")).status_code == 422
    assert planned(event).keys() == {COMING, AFTER}


def test_a_series_keeps_its_switches(staff: Desk) -> None:
    series = make_series()
    form = {"name": "Frukost", "hours": "2", "capacity": "20", "party_size": "3", "remind_week": "y"}
    staff.post(f"/personal/serier/{series.id}", data={**form, "day_before": "remind"})
    see_anew()
    kept_now = db.session.get_one(Series, series.id)
    assert (kept_now.remind_week, kept_now.day_before, kept_now.says_thanks) == (True, DayBefore.REMIND, False)
    page = staff.get(f"/personal/serier/{series.id}").text
    assert re.search(r'<input[^>]*checked[^>]*value="remind"', page)


def test_the_list_says_what_goes_out_when_and_to_how_many(staff: Desk, event: Event) -> None:
    page = letters_page(staff, event)
    assert "Påminnelse en vecka före Går ut torsdag 19 mars kl. 09.00 till 2 personer." in page
    assert "Frågan Kommer du? Går ut onsdag 25 mars kl. 09.00 till 2 personer." in page
    assert "Går ut fredag 27 mars kl. 09.00, om ni har noterat vilka som kom." in page


def test_the_list_says_what_has_gone_and_what_waits(staff: Desk, event: Event, clock: time_machine.Traveller) -> None:
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    assert "Gick ut torsdag 19 mars kl. 09.00 till 2 personer." in letters_page(staff, event)
    clock.move_to(wall("2026-03-27 10.00"))
    tick()
    page = letters_page(staff, event)
    assert "Skickades inte, för det hann bli för sent." in page  # the clock stood still on the 25th
    assert "Väntar på att ni noterar vilka som kom. Efter söndag 5 april skickas det inte alls." in page
    set_states(event)
    clock.move_to(wall("2026-03-27 12.00"))
    tick()
    assert "Ingen att skicka till fredag 27 mars kl. 12.00." in letters_page(staff, event)


def test_the_list_of_a_draft_a_late_event_and_a_cancelled_one(
    staff: Desk, event: Event, clock: time_machine.Traveller
) -> None:
    draft = make_event(state=EventState.DRAFT, starts_at=wall("2026-03-26 12.00"), **EVERYTHING)
    assert "Går ut torsdag 19 mars kl. 09.00, om evenemanget är publicerat då." in letters_page(staff, draft)
    clock.move_to(wall("2026-03-20 09.00"))
    assert "Skickas inte. Tiden var torsdag 19 mars kl. 09.00." in letters_page(staff, lunch())
    cancel_event(event.id, "Talaren är sjuk.", now())
    assert "Går ut" not in letters_page(staff, event)


def test_an_event_that_sends_nothing_says_so(staff: Desk, event: Event) -> None:
    edit_event(event.id, {"remind_week": False, "day_before": DayBefore.NOTHING, "says_thanks": False}, now())
    assert "Inget brev går ut av sig självt" in letters_page(staff, event)


@pytest.mark.parametrize(
    ("kind", "left"), [("week", {COMING, AFTER}), ("coming", {WEEK, AFTER}), ("after", {WEEK, COMING})]
)
def test_a_round_is_switched_off_from_the_list(staff: Desk, event: Event, kind: str, left: set[object]) -> None:
    answer = staff.post(f"/personal/evenemang/{event.id}/paminnelser/{kind}/sluta")
    assert answer.location.endswith(f"/evenemang/{event.id}/brev#paminnelser")
    assert planned(event).keys() == left
    assert staff.post(f"/personal/evenemang/{event.id}/paminnelser/silent/sluta").status_code == 404


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("paminnelse", "Snart ses vi, torsdag 26 mars"),
        ("kommer", "Ja, jag kommer"),
        ("tack", "Tack för att du kom till Fredagslunch"),
        ("uteblev", "Vi saknade dig på Fredagslunch"),
    ],
)
def test_each_letter_can_be_read_beforehand_and_its_links_lead_nowhere(
    staff: Desk, anyone: Visitor, event: Event, name: str, words: str
) -> None:
    where = f"/personal/evenemang/{event.id}/paminnelser/{name}"
    assert "Fredagslunch 26 mars kl. 12.00" in staff.get(where).text
    letter = staff.get(f"{where}/brevet")
    assert words in letter.text
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    for token in (person("Åsa Ek").token, person("Bo Alm").token, person("Åsa Ek").registration.token):
        assert token not in letter.text
    for link in re.findall(r'href="http://127.0.0.1:8000(/(?:bokning|biljett)/[^"]*)"', letter.text):
        assert anyone.get(link).status_code == 404


def test_looking_at_a_letter_leaves_no_row(staff: Desk, event: Event) -> None:
    before = person("Åsa Ek").id
    staff.get(f"/personal/evenemang/{event.id}/paminnelser/kommer/brevet")
    with transaction():
        make_registration(event, ["Ny Ek"])
    assert person("Ny Ek").id == before + 2


def test_a_letter_that_is_none_is_not_found(staff: Desk, event: Event) -> None:
    for name in ("fel", "week"):
        assert staff.get(f"/personal/evenemang/{event.id}/paminnelser/{name}").status_code == 404
        assert staff.get(f"/personal/evenemang/{event.id}/paminnelser/{name}/brevet").status_code == 404


def test_staff_see_who_has_said_yes(staff: Desk, event: Event, clock: time_machine.Traveller) -> None:
    overview, people = f"/personal/evenemang/{event.id}", f"/personal/evenemang/{event.id}/anmalda"
    assert "har svarat att de kommer" not in staff.get(overview).text
    clock.move_to(wall("2026-03-25 09.00"))
    tick()
    kept(say_coming)(person("Åsa Ek"), now())
    assert "1 av 2 har svarat att de kommer." in words_of(staff.get(overview).text)
    listed = words_of(staff.get(people).text)
    assert "Har sagt att de kommer 1" in listed
    assert listed.count("har svarat ja, kommer") == 1
    filtered = staff.get(f"{people}?lage=kommer").text
    assert "Åsa Ek" in filtered
    assert "Bo Alm" not in filtered
