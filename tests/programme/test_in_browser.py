"""Choosing sessions on a phone: while registering, with cards copied by the script, and afterwards by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from eventsys.events.programme.models import Session
from tests.chromium import OpenPage, without_axe
from tests.events.scenes import person
from tests.factories import make_event
from tests.programme.scenes import comes, has, make_session, make_slot, make_workshops
from tests.staff_fixtures import served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield at


def a_day(places_in_b: int = 1):
    event = make_event(title="Näringslivsdagen")
    make_session(make_slot(event, 0, 0.5), "Inledning", room="Aulan", speakers="Eva Ek, näringslivschef")
    return event, make_workshops(event, 5, places_in_b, begins=0.5)


def pick(page: Page, prefix: str, session: Session) -> None:
    page.locator(f"[name={prefix}s_{session.slot_id}][value='{session.id}']").press("Space")


def test_a_party_chooses_while_registering_and_copied_cards_keep_their_choices(app: Flask, address: str, page: Page):
    event, [a, b] = a_day(places_in_b=2)
    page.goto(f"{address}/evenemang/{event.slug}/anmalan")
    for name, value in (("company_name", "Väveriet"), ("booker_name", "Åsa Ek"), ("booker_email", "asa@ek.example")):
        page.locator(f"[name={name}]").fill(value)
    pick(page, "own-", a)
    page.get_by_role("button", name="Lägg till en person").click()
    page.locator("[name=people-0-name]").fill("Bo Alm")
    page.locator("[name=people-0-email]").fill("bo@alm.example")
    pick(page, "people-0-", b)
    page.locator("[data-repeat-copy]").first.click()
    page.locator("[name=people-1-name]").fill("Cia Dal")
    page.locator("[name=people-1-email]").fill("cia@dal.example")
    pick(page, "people-1-", a)
    page.locator("[data-repeat-copy]").first.click()
    page.locator("[name=people-1-name]").fill("Dan Ek")
    page.locator("[name=people-1-email]").fill("dan@ek.example")
    for number, session in ((0, b), (1, b), (2, a)):
        assert page.locator(f"[name=people-{number}-s_{b.slot_id}]:checked").input_value() == str(session.id), number
    page.locator(".form-part").last.get_by_role("button", name="Anmäl").click()
    page.wait_for_url("**/bokning/**")
    names = ("Åsa Ek", "Bo Alm", "Dan Ek", "Cia Dal")
    assert [has(person(name)) for name in names] == [["A"], ["B"], ["B"], ["A"]]


def test_a_full_session_says_so_and_the_second_press_queues(app: Flask, address: str, page: Page):
    event, [_a, b] = a_day()
    page.goto(f"{address}/evenemang/{event.slug}/anmalan")
    for name, value in (("company_name", "Väveriet"), ("booker_name", "Åsa Ek"), ("booker_email", "asa@ek.example")):
        page.locator(f"[name={name}]").fill(value)
    pick(page, "own-", b)
    comes(event, "Bo Alm", b)
    press = page.locator(".form-part").last.get_by_role("button", name="Anmäl")
    press.click()
    assert "B blev fullt medan du fyllde i." in page.locator(".error-summary").inner_text()
    assert page.locator("[name=company_name]").input_value() == "Väveriet"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".form-part").last.get_by_role("button", name="Anmäl").click()
    page.wait_for_url("**/bokning/**")
    assert "(plats 1 i kön)" in page.locator("main").inner_text()
    assert has(person("Åsa Ek")) == ["B?"]


def test_sessions_are_changed_afterwards_by_keyboard_and_without_javascript(
    app: Flask, address: str, open_page: OpenPage
):
    event, [a, b] = a_day()
    asa = comes(event, "Åsa Ek", a)
    page = open_page(java_script_enabled=False)
    without_axe(page)  # which is JavaScript too
    page.goto(f"{address}/bokning/{asa.token}")
    page.get_by_role("link", name="Välj pass för Åsa Ek").press("Enter")
    page.locator(f"[name=s_{a.slot_id}][value='{a.id}']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/bokning/{asa.token}")
    assert "B, Sal B" in page.locator("main").inner_text()
    assert has(asa) == [b.title]
