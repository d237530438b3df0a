"""The second factor in a real browser, by keyboard, on a phone and at a desk; axe reads every page."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page

from eventsys.staff.models import Account
from tests.chromium import WCAG, axe
from tests.staff.second_steps import code, give_second_factor
from tests.staff_fixtures import PASSWORD, see_anew, served
from tests.staff_walk import FITS, press

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def reads_well(page: Page) -> None:
    """On a phone and at a desk, by day and by night."""
    for size, scheme in ((DESK, "dark"), ({"width": 320, "height": 640}, "light"), (PHONE, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(FITS), page.url
        axe(page, options=WCAG)


def sends(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def give_password(page: Page, address: str, account: Account, path: str = "") -> None:
    page.goto(f"{address}{path or '/logga-in'}")
    page.get_by_label("E-post").focus()
    page.keyboard.type(account.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    sends(page)


def secret_of_qr(page: Page) -> str:
    """What an app reads from the picture on the page."""
    picture = Image.open(io.BytesIO(page.locator(".qr").screenshot()))
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0].text.partition("secret=")[2].partition("&")[0]


def type_code(page: Page, text: str, label: str = "Kod") -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    sends(page)


def test_a_colleague_turns_it_on_loses_the_phone_and_turns_it_off(page: Page, address: str, organiser: Account) -> None:
    give_password(page, address, organiser, "/konto")
    page.get_by_role("link", name="Slå på inloggning i två steg").click()
    page.get_by_text("Går det inte att läsa in koden?").click()
    reads_well(page)
    secret = secret_of_qr(page)
    type_code(page, "12")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.title().startswith("Fel: ")
    type_code(page, code(secret=secret))
    reads_well(page)
    recovery = page.locator("ol.codes code").all_inner_texts()
    assert len(recovery) == 10
    page.get_by_role("link", name="Jag har sparat koderna").click()
    assert page.get_by_text("Reservkoder kvar").is_visible()
    press(page, "Logga ut")

    give_password(page, address, organiser, "/konto/losenord")
    assert page.title().startswith("Skriv koden")
    reads_well(page)
    type_code(page, code(timedelta(seconds=30), secret))  # the one that turned it on is used
    assert page.get_by_role("heading", name="Byt lösenord").is_visible(), "that is where they were going"
    page.goto(f"{address}/konto")
    press(page, "Logga ut")

    give_password(page, address, organiser)
    page.get_by_role("link", name="Har du inte telefonen?").click()
    reads_well(page)
    type_code(page, recovery[0], "Reservkod")
    page.goto(f"{address}/konto")
    page.get_by_role("link", name="Gör nya reservkoder").click()
    reads_well(page)
    type_code(page, recovery[1])
    fresh = page.locator("ol.codes code").all_inner_texts()
    page.goto(f"{address}/konto/tva-steg/av")
    reads_well(page)
    page.get_by_label("Lösenord").fill(PASSWORD)
    type_code(page, fresh[0])
    assert page.get_by_text("Inloggning i två steg är avslagen.").is_visible()


def test_where_it_is_required_it_is_set_up_on_the_way_in(
    app: Flask, page: Page, address: str, organiser: Account
) -> None:
    before = app.extensions["eventsys_settings"]
    app.extensions["eventsys_settings"] = dataclasses.replace(before, second_factor="required")
    try:
        give_password(page, address, organiser, "/konto")
        reads_well(page)
        type_code(page, code(secret=secret_of_qr(page)))
        page.get_by_role("link", name="Jag har sparat koderna").click()
        assert page.get_by_role("heading", name="Ditt konto").is_visible()
    finally:
        app.extensions["eventsys_settings"] = before


def test_an_administrator_helps_a_colleague_who_lost_the_phone(
    page: Page, address: str, administrator: Account, organiser: Account
) -> None:
    give_second_factor(organiser)
    give_password(page, address, administrator, f"/installningar/konton/{organiser.id}")
    reads_well(page)
    press(page, "Ta bort det andra steget")
    assert page.get_by_text("loggar nu in utan kod").is_visible()
    see_anew()
