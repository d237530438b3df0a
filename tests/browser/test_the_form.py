"""The registration form by keyboard, with cards of people, pressed twice, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eventsys.clock import now
from eventsys.events.models import Event
from tests.browser.conftest import House
from tests.chromium import OpenPage, axe, without_axe
from tests.events import scenes
from tests.factories import make_registration
from tests.public.reading import people_at

pytestmark = pytest.mark.browser

Press = Callable[..., None]

FOCUSED = """() => {
    const e = document.activeElement;
    const seen = [e, e.closest('.choice')].some(x => x && getComputedStyle(x).outlineStyle !== 'none')
        || getComputedStyle(e, '::after').outlineStyle !== 'none';
    const bar = document.querySelector('.action-bar'), box = e.getBoundingClientRect();
    const over = bar ? bar.getBoundingClientRect() : {top: 0, bottom: 0};
    const covered = bar && !bar.contains(e) && box.bottom > over.top + 1 && box.top < over.bottom - 1;
    return {name: e.name || e.id || e.textContent.trim(), tag: e.tagName, seen, covered: Boolean(covered)};
}"""


def tab(page: Page, times: int = 1) -> dict[str, Any]:
    """Press Tab so many times; what has the focus then."""
    for _ in range(times):
        page.keyboard.press("Tab")
    found: dict[str, Any] = page.evaluate(FOCUSED)
    return found


def fill(page: Page, **given: str) -> None:
    """Company and booker."""
    values = {
        "company_name": "Väveriet i Borås AB",
        "booker_name": "Åsa Öberg",
        "booker_email": "asa@vaveriet.example",
        **given,
    }
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def fill_person(page: Page, number: int, name: str, email: str = "") -> None:
    page.locator(f"[name=people-{number}-name]").fill(name)
    page.locator(f"[name=people-{number}-email]").fill(email)


# --- keyboard -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", ["start", "event", "form"])
def test_the_first_tab_reaches_a_link_past_the_menu(house: House, page: Page, shown: str) -> None:
    page.goto(house.url + house.pages[shown])
    assert tab(page)["name"] == "Hoppa till innehållet"
    assert page.locator(".skip").bounding_box()["y"] >= 0, "the link comes into sight"  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.evaluate("document.activeElement.contains(document.querySelector('h1'))")


def test_the_focus_walks_the_form_in_the_order_of_the_page_and_is_always_seen(house: House, page: Page) -> None:
    page.goto(house.form_of(house.new_event()))
    page.locator("#main").focus()
    walked = [tab(page) for _ in range(13)]
    assert [step["name"] for step in walked] == [
        "Fredagslunch", "company_name", "company_number", "sole_trader", "booker_name", "booker_email", "booker_phone",
        "booker_comes", "own-diet", walked[9]["name"], "add", "wants_letters", "Så hanterar vi personuppgifter",
    ]  # fmt: skip
    assert [step["name"] for step in walked if not step["seen"]] == []
    assert tab(page)["tag"] == "BUTTON"
    assert page.evaluate("document.activeElement.textContent") == "Anmäl"


@pytest.mark.parametrize("shown", ["start", "calendar", "event", "booking", "ticket"])
def test_what_has_the_focus_is_seen_and_never_behind_the_bar(house: House, page: Page, shown: str) -> None:
    page.goto(house.url + house.pages[shown])
    for _ in range(page.locator("a:visible, button:visible, summary:visible").count()):
        step = tab(page)
        assert step["seen"], step
        assert not step["covered"], step


def test_a_person_registers_with_nothing_but_the_keyboard(house: House, page: Page) -> None:
    event = house.new_event()
    page.goto(house.form_of(event))
    page.locator("#main").focus()
    tab(page, 2)
    for text, tabs in (("Väveriet AB", 3), ("Åsa Öberg", 1), ("asa@vaveriet.example", 0)):
        page.keyboard.type(text)
        tab(page, tabs)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Klart, anmälan är mottagen").is_visible()
    assert people_at(event) == ["Åsa Öberg"]


def test_enter_in_a_field_sends_the_form_and_adds_or_removes_nobody(house: House, page: Page) -> None:
    event = house.new_event()
    page.goto(house.form_of(event))
    fill(page)
    page.get_by_role("button", name="Lägg till en person").click()
    fill_person(page, 0, "Bo Alm")
    with page.expect_navigation():
        page.locator("[name=people-0-name]").press("Enter")
    assert people_at(event) == ["Åsa Öberg", "Bo Alm"]


# --- mistakes -----------------------------------------------------------------------------------------------------


def test_the_summary_of_mistakes_has_the_focus_and_leads_to_the_fields(house: House, page: Page, press: Press) -> None:
    page.goto(house.form_of(house.new_event()))
    page.get_by_role("button", name="Lägg till en person").click()
    fill(page, booker_email="asa@", company_name="")
    press(page, "Anmäl")
    assert page.title().startswith("Fel: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    axe(page)
    links = page.locator(".error-summary li a")
    assert links.count() == 3
    for number, name in enumerate(("company_name", "booker_email", "people-0-name")):
        links.nth(number).click()
        assert page.evaluate("document.activeElement.name") == name
        assert page.locator(f"[name={name}]").is_visible()


def test_what_is_wrong_is_read_aloud_with_the_field(house: House, page: Page, press: Press) -> None:
    page.goto(house.form_of(house.new_event()))
    fill(page, company_number="556036-0794")
    press(page, "Anmäl")
    field = page.get_by_label("Organisationsnummer (frivilligt)")
    told_by = str(field.get_attribute("aria-describedby")).split()
    words = " ".join(page.locator(f"#{one}").inner_text() for one in told_by)
    assert "Tio siffror, till exempel" in words
    assert "Organisationsnumret stämmer inte." in words


def test_a_form_left_open_until_the_event_was_full_says_so_first(house: House, page: Page, press: Press) -> None:
    event = house.new_event(capacity=1)
    page.goto(house.form_of(event))
    make_registration(event, 1)
    fill(page)
    press(page, "Anmäl")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.locator("[name=booker_name]").input_value() == "Åsa Öberg"
    axe(page)
    press(page, "Ställ i kö")
    assert page.get_by_text("Klart, ni står i kö").is_visible()


# --- cards of people ----------------------------------------------------------------------------------------------


def names(page: Page) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('.person input, .person select')].map(e => e.name)"))


def assert_cards_are_whole(page: Page, number: int) -> None:
    """So many cards, numbered from 0 without a gap, every id once, every label at its own field."""
    assert page.locator(".person").count() == number
    assert sorted({name.split("-")[1] for name in names(page)}) == [str(n) for n in range(number)]
    assert len(set(names(page))) == len(names(page))
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(set(ids)) == len(ids)
    for card in range(number):
        shown = page.locator(".person").nth(card)
        assert shown.get_by_label("Namn", exact=True).get_attribute("name") == f"people-{card}-name"
        assert shown.locator("h3").inner_text() == f"Person {card + 1}"
        described = shown.locator("[name$=-diet]").get_attribute("aria-describedby")
        assert described == f"people-{card}-diet-hint"


def test_who_books_and_comes_takes_one_of_the_places(house: House, page: Page, press: Press) -> None:
    event = house.new_event(party_size=2)
    page.goto(house.form_of(event))
    fill(page)
    add = page.get_by_role("button", name="Lägg till en person")
    add.click()
    fill_person(page, 0, "Bo Alm", "bo@x.example")
    assert not add.is_visible(), "the booker and one more are two"
    assert not page.get_by_role("button", name="Kopiera").is_visible()
    page.get_by_text("Jag kommer själv").click()
    add.click()
    fill_person(page, 1, "Ylva Sjö", "ylva@x.example")
    assert not add.is_visible()
    press(page, "Anmäl")
    assert people_at(event) == ["Bo Alm", "Ylva Sjö"]


def test_cards_are_added_copied_and_removed_with_the_right_names(house: House, page: Page, press: Press) -> None:
    event = house.new_event()
    page.goto(house.form_of(event))
    fill(page)
    add = page.get_by_role("button", name="Lägg till en person")
    assert_cards_are_whole(page, 0)
    for number in range(3):
        add.click()
        assert page.evaluate("document.activeElement.name") == f"people-{number}-name"
        fill_person(page, number, f"Person{number}", f"p{number}@x.example")
    assert_cards_are_whole(page, 3)
    page.locator("select[name^=people-1]").select_option("Handel")
    page.locator(".person").nth(1).get_by_role("button", name="Kopiera").click()
    assert_cards_are_whole(page, 4)
    assert page.locator("select[name^=people-2]").input_value() == "Handel", "the copy stands after its original"
    assert page.locator("[name=people-2-name]").input_value() == ""
    assert page.locator("[name=people-3-name]").input_value() == "Person2"
    page.locator(".person").nth(0).get_by_role("button", name="Ta bort").click()
    assert_cards_are_whole(page, 3)
    assert [page.locator(f"[name=people-{n}-name]").input_value() for n in range(3)] == ["Person1", "", "Person2"]
    fill_person(page, 1, "Ny")
    axe(page)
    press(page, "Anmäl")
    assert people_at(event) == ["Åsa Öberg", "Person1", "Ny", "Person2"]


def test_the_last_card_that_fits_takes_the_button_away_and_the_bookers_own_seat_counts(
    house: House, page: Page, press: Press
) -> None:
    event = house.new_event(party_size=2)
    page.goto(house.form_of(event))
    fill(page)
    add, booker_comes = page.get_by_role("button", name="Lägg till en person"), page.get_by_text("Jag kommer själv")
    add.click()
    fill_person(page, 0, "Bo")
    assert not add.is_visible()
    booker_comes.click()
    add.click()
    fill_person(page, 1, "Ylva")
    assert not add.is_visible()
    booker_comes.click()
    press(page, "Anmäl")
    assert "Högst 2 personer ryms i en anmälan." in page.locator(".error-summary").inner_text()
    booker_comes.click()
    press(page, "Anmäl")
    assert people_at(event) == ["Bo", "Ylva"]


def test_what_only_those_who_come_are_asked_hides_for_a_booker_who_does_not(house: House, page: Page) -> None:
    page.goto(house.form_of(house.new_event()))
    diet = page.locator("[name=own-diet]")
    assert diet.is_visible()
    page.get_by_text("Jag kommer själv").click()
    assert not diet.is_visible()


def test_a_double_click_makes_one_booking(house: House, page: Page) -> None:
    event = house.new_event()
    page.goto(house.form_of(event))
    fill(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Anmäl", exact=True).dblclick()
    page.wait_for_url("**/bokning/**")
    assert (people_at(event), scenes.bookings(event)) == (["Åsa Öberg"], 1)


def test_a_double_click_makes_one_booking_without_javascript_too(house: House, plain_page: Page) -> None:
    without_axe(plain_page)
    event = house.new_event()
    plain_page.goto(house.form_of(event))
    fill(plain_page)
    plain_page.get_by_role("button", name="Anmäl", exact=True).dblclick()
    expect(plain_page).to_have_url(re.compile("/bokning/"))  # the second click may break off the first answer
    assert (people_at(event), scenes.bookings(event)) == (["Åsa Öberg"], 1)


# --- without JavaScript -------------------------------------------------------------------------------------------


def registered(house: House, event: Event, page: Page, press: Press) -> None:
    page.goto(house.form_of(event))
    fill(page)
    press(page, "Lägg till en person")
    fill_person(page, 0, "Bo Alm", "bo@alm.example")
    press(page, "Lägg till en person")
    fill_person(page, 1, "Fel Person")
    press(page, "Lägg till en person")
    fill_person(page, 2, "Ylva Sjö", "ylva@sjo.example")
    page.locator(".person").nth(1).get_by_role("button", name="Ta bort").click()
    press(page, "Anmäl")


def test_every_task_works_without_javascript(house: House, plain_page: Page, press: Press) -> None:
    page, event = plain_page, house.new_event(capacity=3)
    without_axe(page)
    registered(house, event, page, press)
    assert people_at(event) == ["Åsa Öberg", "Bo Alm", "Ylva Sjö"]
    booking = page.url.partition("?")[0]
    page.get_by_role("link", name="Ändra Bo Alm").click()
    page.get_by_label("Namn").fill("")
    press(page, "Spara")
    page.get_by_role("link", name="Skriv personens namn.").click()
    page.get_by_label("Namn").fill("Bo Öberg")
    press(page, "Spara")
    assert page.get_by_text("Ändringen är sparad.").is_visible()
    page.get_by_role("link", name="Avboka Ylva Sjö").click()
    press(page, "Avboka")
    assert page.get_by_text("Avbokningen är klar.").is_visible()
    page.get_by_role("link", name="Lägg till en person").click()
    page.get_by_label("Namn").fill("Nils Ek")
    press(page, "Lägg till")
    assert page.get_by_text("Personen är tillagd.").is_visible()
    page.get_by_role("link", name="Ändra kontaktuppgifter").click()
    page.get_by_label("Ditt namn").fill("Åsa Lind")
    press(page, "Spara")
    page.get_by_role("link", name="Visa biljetten").first.click()
    assert page.locator(".ticket-qr svg").is_visible()
    page.goto(f"{house.url}/mina-bokningar")
    page.get_by_label("E-post").fill("asa@vaveriet.example")
    press(page, "Skicka länkarna")
    assert page.get_by_text("Titta i din inkorg").is_visible()
    page.goto(booking)
    page.get_by_role("link", name="Avboka alla").click()
    press(page, "Avboka")
    assert set(scenes.states(event).values()) == {scenes.CANCELLED}


def test_queue_and_offer_work_without_javascript(house: House, plain_page: Page, press: Press) -> None:
    page, event = plain_page, house.new_event(capacity=1)
    without_axe(page)
    first = make_registration(event, ["Nils Ek"])
    page.goto(house.form_of(event))
    fill(page)
    press(page, "Ställ i kö")
    assert page.get_by_text("Plats 1 i kön.").is_visible()
    scenes.cancel_people(list(first.attendees), now())
    page.goto(page.url.partition("?")[0])
    press(page, "Ta platsen")
    assert page.get_by_text("Platsen är din.").is_visible()
    assert scenes.states(event)["Åsa Öberg"] is scenes.CONFIRMED


def test_a_mistake_is_told_without_javascript(house: House, plain_page: Page, press: Press) -> None:
    without_axe(plain_page)
    plain_page.goto(house.form_of(house.new_event()))
    fill(plain_page, booker_email="asa@")
    press(plain_page, "Anmäl")
    assert plain_page.title().startswith("Fel: ")
    assert plain_page.locator(".error-summary").is_visible()
    assert plain_page.locator("[name=booker_name]").input_value() == "Åsa Öberg"


def test_the_whole_form_can_be_read_at_the_narrowest_width(house: House, open_page: OpenPage, press: Press) -> None:
    page = open_page(320, 568)
    page.goto(house.form_of(house.new_event()))
    page.get_by_role("button", name="Lägg till en person").click()
    fill(page, booker_name="x" * 150)
    press(page, "Anmäl")
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
