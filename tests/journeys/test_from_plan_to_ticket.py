"""The whole way: an event is planned, a company registers on its phones, letters leave, a seat changes hands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from eventsys.clock import STOCKHOLM, local, now
from eventsys.events.special_days import remarks_on
from eventsys.staff.models import Role
from eventsys.tokens import human_code, looks_like_ticket
from tests.chromium import OpenPage, without_axe
from tests.factories import make_event, make_registration, make_series
from tests.journeys.conftest import Product
from tests.journeys.reading_letters import ReadLetter, status_of
from tests.staff_fixtures import PASSWORD, new_account

pytestmark = pytest.mark.browser

PEOPLE = {"Åsa Öberg": "asa@vaveriet.example", "Bo Alm": "bo@vaveriet.example", "Ylva Sjö": "ylva@vaveriet.example"}


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def quiet_day() -> date:
    """A day in about three weeks that nobody would warn of."""
    today = local(now()).date()
    days = (today + timedelta(days=number) for number in range(20, 60))
    return next(day for day in days if day.weekday() == 4 and not remarks_on(day, today))


def plan_event(product: Product, page: Page, day: date) -> str:
    """A colleague signs in, makes a lunch from its series and publishes it; the address of its page."""
    make_series(name="Fredagslunch", place="Åhaga", address="Åhagagatan 1", capacity=50, party_size=5)
    colleague = new_account(Role.ORGANISER)
    page.goto(f"{product.url}/personal/evenemang/nytt")
    page.get_by_label("E-post").fill(colleague.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    press(page, "Logga in")
    page.get_by_role("link", name="Fredagslunch", exact=True).click()
    page.locator("[name=title]").fill("Fredagslunch om vävning")
    page.locator("[name=day]").fill(day.isoformat())
    page.locator("[name=starts]").fill("11:30")
    page.locator("[name=ends]").fill("13:00")
    page.locator("[name=summary]").fill("Lunch och tre korta berättelser.")
    page.locator("[name=capacity]").fill("3")
    press(page, "Spara och publicera")
    assert page.get_by_text("Evenemanget är publicerat.").is_visible()
    page.goto(f"{product.url}/evenemang")
    page.get_by_role("link", name="Fredagslunch om vävning").click()
    return page.url


def register_company(page: Page, event_url: str) -> str:
    """Three people on a phone; the address of their booking."""
    page.goto(event_url)
    page.get_by_role("link", name="Anmäl", exact=True).first.click()
    (booker, address), *others = PEOPLE.items()
    page.get_by_label("Företag eller organisation").fill("Väveriet i Borås AB")
    page.get_by_label("Organisationsnummer").fill("556036-0793")
    page.get_by_label("Ditt namn").fill(booker)
    page.get_by_label("Din e-post").fill(address)
    for number, (name, email) in enumerate(others):
        page.get_by_role("button", name="Lägg till en person").click()
        page.locator(f"[name=people-{number}-name]").fill(name)
        page.locator(f"[name=people-{number}-email]").fill(email)
    press(page, "Anmäl")
    assert page.get_by_text("Klart, anmälan är mottagen").is_visible()
    return page.url.partition("?")[0]


def code_in(letter: ReadLetter) -> str:
    return letter.link_to("/biljett/").rpartition("/")[2]


def assert_is_ticket_of(letter: ReadLetter, name: str, day: date, base: str) -> None:
    code = code_in(letter)
    assert looks_like_ticket(code)
    assert letter.scanned == code
    assert human_code(code) in letter.text
    assert human_code(code) in letter.paper
    assert name in letter.paper
    entry = letter.entry
    assert letter.calendar["METHOD"] == "REQUEST"
    assert entry["UID"].startswith("person-")
    assert entry["SUMMARY"] == "Fredagslunch om vävning"
    starts = entry["DTSTART"].dt
    assert (starts.date(), f"{starts:%H:%M}", starts.tzinfo) == (day, "11:30", STOCKHOLM)
    assert entry["DTSTART"].params["TZID"] == "Europe/Stockholm"
    assert str(entry["ATTENDEE"]).lower() == f"mailto:{letter.to.rpartition('<')[2].rstrip('>')}"
    assert all(link.startswith(base) for link in letter.links), letter.links
    assert {status_of(link) for link in letter.links} == {200}


def test_from_plan_to_ticket(product: Product, page: Page, open_page: OpenPage) -> None:
    day = quiet_day()
    event_url = plan_event(product, open_page(1280, 800), day)
    booking = register_company(page, event_url)

    letters = {name: product.letter(address) for name, address in PEOPLE.items()}
    for name, letter in letters.items():
        assert_is_ticket_of(letter, name, day, product.url)
        assert letter.subject.startswith("Du är anmäld: Fredagslunch om vävning")
    assert len({code_in(letter) for letter in letters.values()}) == 3
    assert len({letter.entry["UID"] for letter in letters.values()}) == 3
    assert letters["Åsa Öberg"].link_to("/bokning/") == booking
    assert letters["Bo Alm"].link_to("/bokning/") != booking

    bos_ticket = letters["Bo Alm"].link_to("/biljett/")
    page.goto(bos_ticket)
    assert page.locator(".ticket-code").inner_text() == human_code(code_in(letters["Bo Alm"]))
    assert page.get_by_text("Bo Alm").is_visible()

    waiting = open_page()
    waiting.goto(event_url)
    waiting.get_by_role("link", name="Ställ dig i kö").first.click()
    waiting.get_by_label("Företag eller organisation").fill("Färgeriet AB")
    waiting.get_by_label("Ditt namn").fill("Nils Ek")
    waiting.get_by_label("Din e-post").fill("nils@fargeriet.example")
    press(waiting, "Ställ i kö")
    assert waiting.get_by_text("Plats 1 i kön.").is_visible()
    queued = product.letter("nils@fargeriet.example")
    assert "kö" in queued.subject

    page.goto(letters["Bo Alm"].link_to("/bokning/"))
    page.get_by_role("link", name="Avboka Bo Alm").click()
    press(page, "Avboka")
    assert page.get_by_text("Avbokningen är klar.").is_visible()
    left = product.letter("bo@vaveriet.example", 2)
    assert left.calendar["METHOD"] == "CANCEL"
    assert left.entry["UID"] == letters["Bo Alm"].entry["UID"]
    assert left.entry["SEQUENCE"] >= letters["Bo Alm"].entry["SEQUENCE"]

    offer = product.letter("nils@fargeriet.example", 2)
    assert "senast" in offer.text
    waiting.goto(offer.link_to("/bokning/"))
    assert waiting.get_by_text("Svara senast").is_visible()
    press(waiting, "Ta platsen")
    assert waiting.get_by_text("Platsen är din.").is_visible()
    ticket = product.letter("nils@fargeriet.example", 3)
    assert_is_ticket_of(ticket, "Nils Ek", day, product.url)

    answer = page.goto(bos_ticket)
    assert answer is not None
    assert answer.status == 410
    assert page.get_by_text("Biljetten gäller inte längre").is_visible()
    page.goto(letters["Åsa Öberg"].link_to("/biljett/"))
    assert page.locator(".ticket-code").is_visible()


@pytest.mark.parametrize("product", ["sqlite"], indirect=True)
def test_a_registration_without_javascript_ends_in_the_same_letters(product: Product, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    without_axe(page)
    event = make_event(capacity=5)
    page.goto(f"{product.url}/evenemang/{event.slug}")
    page.get_by_role("link", name="Anmäl", exact=True).first.click()
    page.get_by_label("Företag eller organisation").fill("Väveriet i Borås AB")
    page.get_by_label("Ditt namn").fill("Åsa Öberg")
    page.get_by_label("Din e-post").fill("asa@vaveriet.example")
    press(page, "Lägg till en person")
    page.locator("[name=people-0-name]").fill("Bo Alm")
    page.locator("[name=people-0-email]").fill("bo@alm.example")
    press(page, "Anmäl")
    assert page.get_by_text("Klart, anmälan är mottagen").is_visible()
    for address in ("asa@vaveriet.example", "bo@alm.example"):
        letter = product.letter(address)
        assert letter.scanned == code_in(letter)


@pytest.mark.parametrize("product", ["sqlite"], indirect=True)
def test_an_english_registration_gets_english_pages_and_english_letters(product: Product, page: Page) -> None:
    event = make_event(capacity=1, title="Fredagslunch", title_en="Friday lunch", summary_en="Lunch and talk.")
    page.goto(f"{product.url}/en/evenemang/{event.slug}")
    page.get_by_role("link", name="Register", exact=True).first.click()
    page.get_by_label("Company or organisation").fill("The Weavery Ltd")
    page.get_by_label("Your name").fill("Ann Weaver")
    page.get_by_label("Your e-mail").fill("ann@weavery.example")
    press(page, "Register")
    assert page.url.startswith(f"{product.url}/en/bokning/")
    letter = product.letter("ann@weavery.example")
    assert "Friday lunch" in letter.subject
    assert " at " in letter.subject
    assert not {"biljett", "anmäld", "evenemang", "och", "kl."} & set(letter.text.lower().split())
    assert '<html lang="en"' in letter.body("html")
    assert letter.entry["SUMMARY"] == "Friday lunch"
    assert all(link.startswith(f"{product.url}/en/") for link in letter.links), letter.links
    assert {status_of(link) for link in letter.links} == {200}
    make_registration(event, ["Nils Ek"])
    page.goto(letter.link_to("/bokning/"))
    page.get_by_role("link", name="Cancel Ann Weaver").click()
    press(page, "Cancel")
    goodbye = product.letter("ann@weavery.example", 2)
    assert "Friday lunch" in goodbye.subject
    assert '<html lang="en"' in goodbye.body("html")
    assert '<html lang="sv"' in product.letter("nils.ek@foretag.se", 2).body("html")
