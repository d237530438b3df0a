"""A round in a real browser, from making it to a ledger that adds up; every page fits and is found well by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.mail.delivery import drain
from eventsys.newsletters.welcome.models import WelcomeSettings
from eventsys.newsletters.welcome.reopening import reopen
from eventsys.staff.models import Account
from tests.chromium import OpenPage, axe
from tests.factories import make_event, make_series
from tests.newsletters.sending.scenes import id_of
from tests.newsletters.welcome.scenes import a_round, approved, asked, deliver_all, make_company, sent
from tests.sink import SmtpSink
from tests.staff_fixtures import served
from tests.staff_walk import FITS, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

TABS = ["", "/text", "/forhandsvisning", "/godkannande", "/utskick"]
LONG = "Hållbarhetsrapporteringsskyldighetsöversyn i Borås AB"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def look(page: Page, address: str, paths: list[str]) -> None:
    for path in paths:
        answer = page.goto(f"{address}/nyhetsbrev/valkomstbrev{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(FITS), path


def furnish() -> None:
    """New companies registered last month, and a gathering to come."""
    month_ago = local(now()).date() - timedelta(days=30)
    series = make_series(name="Välkomstträff")
    make_event(series=series, title="Välkomstträff för nya företagare")
    with transaction():
        row = db.session.get_one(WelcomeSettings, 1)
        row.series_id, row.starts_on = series.id, month_ago
    for name, addresses in ((LONG, ["info@langt.example"]), ("Alm AB", ["revisor@byran.example"]), ("Ås AB", [])):
        make_company(name, addresses, month_ago)
    make_company("Ek AB", ["revisor@byran.example"], month_ago, care_of="Byrån", street="Box 12")
    make_company("Nej AB", [], month_ago, refuses_advertising=True)
    make_company("Fel AB", ["fel@x.example"], month_ago)


@pytest.mark.parametrize("width", [320])
def test_every_page_fits_and_passes_axe(
    address: str, relay: SmtpSink, administrator: Account, open_page: OpenPage, width: int
) -> None:
    page = open_page(width, 844)
    relay.when("rcpt", to="fel@x.example", say="550 5.1.1 No such user")
    sign_in(page, address, administrator)
    look(page, address, [""])
    furnish()
    found = a_round(until=local(now()).date())
    round_id = id_of(found)
    look(
        page, address, ["", *(f"/{round_id}{tab}" for tab in TABS), f"/{round_id}/ta-bort", f"/{round_id}?visa=papper"]
    )
    asked(found)
    look(page, address, [f"/{round_id}{tab}" for tab in TABS])
    with transaction():
        reopen(round_id, administrator.id, now())
    approved(found)
    look(page, address, [f"/{round_id}/godkannande", f"/{round_id}/utskick"])
    with transaction():
        reopen(round_id, administrator.id, now())
    sent(found)
    deliver_all()
    under = ["", "/namn", "/namn?lage=avvisade", "/utelamnade", "/okanda", "/avbryt"]
    look(page, address, ["", f"/{round_id}", f"/{round_id}/text", *(f"/{round_id}/utskick{path}" for path in under)])
    page.emulate_media(color_scheme="dark")
    axe(page)


def test_a_round_from_making_it_to_a_ledger_that_adds_up(
    address: str, relay: SmtpSink, administrator: Account, organiser: Account, open_page: OpenPage
) -> None:
    furnish()
    page, other = open_page(1280, 844), open_page(390, 844)
    sign_in(page, address, administrator)
    page.goto(f"{address}/nyhetsbrev/valkomstbrev")
    press(page, re.compile("Gör omgång 1"))
    expect(page.get_by_text("6 nya företag = 4 får e-post + 1 får papper + 0 strukna + 1 utelämnas")).to_be_visible()
    strike_one(page)
    write(page)
    page.get_by_role("link", name="Godkännande").click()
    press(page, "Be om godkännande")
    expect(page.get_by_text("Du bad själv om godkännandet.")).to_be_visible()
    judge(page, other, address, organiser)
    page.get_by_role("link", name="Utskick", exact=True).click()
    press(page, "Skicka till 3 företag")
    expect(page.get_by_text("3 brev med e-post skickas nu")).to_be_visible()
    db.session.remove()
    drain(20)
    expect(page.locator("#liggare")).to_contain_text("3 av 3 brev", timeout=20_000)
    expect(page.locator("#liggare")).to_contain_text("6 möjliga mottagare = 3 valda + 3 utelämnade")
    assert {letter.recipients[0] for letter in relay.wait_for(3)} == {
        "info@langt.example", "revisor@byran.example", "fel@x.example",
    }  # fmt: skip
    assert page.evaluate(FITS)


def strike_one(page: Page) -> None:
    page.get_by_label("Markera Ek AB").check()
    page.get_by_label("Orsak", exact=True).select_option("Revisorns adress")
    press(page, "Stryk")
    expect(page.get_by_text("1 företag är struket, och får inget brev.")).to_be_visible()


def write(page: Page) -> None:
    """The page saves while one writes, and shows the letter beside it."""
    page.get_by_role("link", name="Brev", exact=True).last.click()
    page.get_by_label("Ämnesrad").fill("Välkommen till Borås")
    page.locator("trix-editor").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Vi ses på träffen.")
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"Sparat kl\. \d\d\.\d\d"))
    letter = page.frame_locator("iframe[data-live]")
    expect(letter.get_by_text("Vi ses på träffen.")).to_be_visible()
    expect(letter.get_by_role("heading", name="Välkomstträff för nya företagare")).to_be_visible()


def judge(page: Page, other: Page, address: str, colleague: Account) -> None:
    """A colleague reads it on a phone, from the page of the day."""
    assert page.get_by_role("button", name="Godkänn listan och brevet").count() == 0
    sign_in(other, address, colleague)
    other.goto(address)
    other.get_by_role("link", name=re.compile("Välkomstbrev omgång 1")).click()
    frame = other.frame_locator("iframe").first
    expect(frame.get_by_alt_text("QR-kod till prenumerationen på Företagsamt")).to_be_visible()
    axe(other)
    assert other.evaluate(FITS)
    press(other, "Godkänn listan och brevet")
    expect(other.get_by_text("Omgången är godkänd.").first).to_be_visible()
    page.reload()
