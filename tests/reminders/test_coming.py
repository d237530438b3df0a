""" "Kommer du?": the page behind the letter, in both answers, without a script, and what becomes of the seat."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from eventsys.clock import now
from eventsys.events.models import AttendeeState, Event
from eventsys.events.reminders import emails
from tests.events.scenes import cancel_event, cancel_people, change_details, letters, person, states
from tests.factories import make_person, make_registration
from tests.reminders.scenes import lunch, reminded, tick, wall
from tests.staff_fixtures import Visitor, see_anew

YES, NO = {"answer": "yes"}, {"answer": "no"}


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    made = lunch(capacity=2)
    make_registration(made, ["Åsa Ek", "Bo Alm"])
    make_registration(made, ["Kalle Kö"])
    return made


def address(name: str = "Åsa Ek") -> str:
    return f"/bokning/{person(name).token}/kommer"


def answered(browser: Visitor, where: str, answer: dict[str, str]) -> str:
    """The page after pressing a button."""
    return str(browser.get(browser.post(where, data=answer).location).text)


def test_opening_the_page_answers_nothing(event: Event, anyone: Visitor) -> None:
    for query in ("", "?svar=nej", "?svar=ja"):
        page = anyone.get(address() + query)
        assert page.status_code == 200
        assert "Kommer Åsa Ek?" in page.text
    assert person("Åsa Ek").said_coming_at is None
    assert states(event)["Åsa Ek"] is AttendeeState.CONFIRMED


def test_the_answer_the_link_leaned_to_stands_first(event: Event, anyone: Visitor) -> None:
    for query, first in (("", "yes"), ("?svar=nej", "no")):
        page = anyone.get(address() + query).text
        assert page.index(f'value="{first}"') == min(page.index('value="yes"'), page.index('value="no"'))


def test_a_yes_is_noted_once_and_the_page_says_so(event: Event, anyone: Visitor, clock: time_machine.Traveller) -> None:
    first = now()
    assert "vi räknar med Åsa Ek" in answered(anyone, address(), YES)
    clock.shift(60)
    anyone.post(address(), data=YES)
    assert person("Åsa Ek").said_coming_at == first
    assert letters("Åsa Ek") == ["ticket"]


def test_a_no_gives_the_seat_to_the_queue(event: Event, anyone: Visitor) -> None:
    page = answered(anyone, address(), NO)
    assert "Åsa Ek är avbokad" in page
    assert "Tack för att du sa till" in page
    assert states(event) == {
        "Åsa Ek": AttendeeState.CANCELLED, "Bo Alm": AttendeeState.CONFIRMED, "Kalle Kö": AttendeeState.OFFERED,
    }  # fmt: skip
    assert letters("Kalle Kö") == ["queued", "seat_offered"]


def test_a_yes_can_become_a_no_and_pressing_twice_does_no_harm(event: Event, anyone: Visitor) -> None:
    where = address()
    for answer in (YES, NO, NO, YES):
        page = answered(anyone, where, answer)
    assert "Åsa Ek är avbokad" in page
    assert "svaret kunde inte sparas" in page
    assert letters("Åsa Ek") == ["ticket", "seat_cancelled"]


def test_an_answer_that_is_none_changes_nothing(event: Event, anyone: Visitor) -> None:
    for answer in ({}, {"answer": "kanske"}):
        assert "Kommer Åsa Ek?" in answered(anyone, address(), answer)
    assert person("Åsa Ek").said_coming_at is None


def test_after_the_start_the_page_says_so(event: Event, anyone: Visitor, clock: time_machine.Traveller) -> None:
    clock.move_to(event.starts_at)
    assert "Evenemanget har börjat" in anyone.get(address()).text
    for answer in (YES, NO):
        page = answered(anyone, address(), answer)
        assert "Det går inte längre att svara här." in page
    assert person("Åsa Ek").said_coming_at is None
    assert states(event)["Åsa Ek"] is AttendeeState.CONFIRMED


def test_a_cancelled_event_says_so(event: Event, anyone: Visitor) -> None:
    where = address()
    cancel_event(event.id, "Talaren är sjuk.", now())
    assert "Talaren är sjuk." in anyone.get(where).text
    assert "går inte längre" in answered(anyone, where, YES)


def test_who_stands_in_the_queue_is_led_to_the_booking(event: Event, anyone: Visitor) -> None:
    token = person("Kalle Kö").token
    assert anyone.get(f"/bokning/{token}/kommer").location == f"/bokning/{token}"


def test_only_a_persons_own_link_opens_the_page(event: Event, anyone: Visitor) -> None:
    whole = person("Åsa Ek").registration.token
    for token in (whole, "fel"):
        assert anyone.get(f"/bokning/{token}/kommer").status_code == 404
        assert anyone.post(f"/bokning/{token}/kommer", data=NO).status_code == 404


def test_a_seat_handed_on_is_asked_anew_by_its_new_link(event: Event, anyone: Visitor) -> None:
    before = address()
    anyone.post(before, data=YES)
    change_details(person("Åsa Ek"), make_person("Ylva Sjö"), now())
    assert anyone.get(before).status_code == 404
    assert person("Ylva Sjö").said_coming_at is None


def test_the_page_speaks_english(event: Event, anyone: Visitor) -> None:
    page = anyone.get(f"/en{address()}").text
    assert "Is Åsa Ek coming?" in page
    assert "Yes, Åsa Ek is coming" in page


def test_the_letter_leads_to_the_page_for_both_answers(event: Event, clock: time_machine.Traveller) -> None:
    clock.move_to(wall("2026-03-25 09.00"))
    tick()
    assert reminded("coming") == ["Åsa Ek", "Bo Alm"]
    text = emails.coming(person("Bo Alm")).text
    assert text.count(f"{address('Bo Alm')}\n") == 1
    assert f"{address('Bo Alm')}?svar=nej" in text


def test_who_left_before_the_question_reads_that_the_seat_is_gone(event: Event, anyone: Visitor) -> None:
    where = address("Bo Alm")
    cancel_people([person("Bo Alm")], now())
    see_anew()
    assert "Bo Alm är avbokad" in anyone.get(where).text
