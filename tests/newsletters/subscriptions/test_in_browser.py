"""A breakfast: the code on the wall is read by a phone, whose owner signs up, and the number on the wall grows."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page

from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.staff.models import Role
from tests.chromium import OpenPage
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import ASA, asked, has, reader
from tests.staff_fixtures import PASSWORD, new_account, served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


def sign_in(page: Page, url: str) -> None:
    account = new_account(Role.ORGANISER)
    page.goto(f"{url}/personal/logga-in")
    page.fill("[name=email]", account.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")


def test_from_the_slide_on_the_wall_to_a_subscription(app: Flask, open_page: OpenPage) -> None:
    wall, phone = open_page(1280, 720), open_page()
    with served(app) as url:
        sign_in(wall, url)
        wall.goto(f"{url}/personal/nyhetsbrev/qr-koder")
        wall.fill("[name=name]", "Frukost Viared 12 mars")
        wall.click("text=Gör en QR-kod")
        wall.click("text=Visa på storbild")
        wall.wait_for_selector(".slide")
        [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(wall.screenshot())))
        path = found.text.partition("/nyhetsbrev")[2]
        assert path.startswith("?kalla=")
        phone.goto(f"{url}/nyhetsbrev{path}")
        phone.fill("[name=email]", ASA)
        with phone.expect_navigation():
            phone.keyboard.press("Enter")
        assert phone.locator("h1").inner_text() == "Titta i din inkorg"
        wall.wait_for_selector("text=1 vill prenumerera", timeout=15_000)
        phone.goto(f"{url}/nyhetsbrev/bekrafta/{asked().token}")
        with phone.expect_navigation():
            phone.click("text=Ja, jag vill prenumerera")
        assert "Klart, du prenumererar nu" in phone.locator("main").inner_text()
    assert has() == [FORETAGSAMT]


def test_leaving_and_coming_back_with_the_keyboard_alone(app: Flask, page: Page) -> None:
    known = make_reader(ASA)
    with served(app) as url:
        page.goto(f"{url}/avsluta/{known.token}?brev=foretagsamt")
        _press(page, "Avsluta Företagsamt")
        assert page.locator("h1").inner_text() == "Klart, breven är avslutade"
        assert has() == []
        _press(page, "Ångra")
        assert page.locator("h1").inner_text() == "Välkommen tillbaka"
    assert (has(), reader().refused_at) == ([FORETAGSAMT], None)  # type: ignore[union-attr]


def _press(page: Page, name: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by Tab")


@pytest.mark.parametrize("width", [390])
def test_every_page_of_the_staff_fits_and_passes_axe(app: Flask, open_page: OpenPage, width: int) -> None:
    page = open_page(width, 800)
    known = make_reader(ASA, name="Åsa Lind", organisation="Väveriet i Borås AB")
    make_reader("bo@alm.se", lists=[], left=[FORETAGSAMT])
    with served(app) as url:
        sign_in(page, url)
        base = f"{url}/personal/nyhetsbrev"
        page.goto(f"{base}/qr-koder")
        page.fill("[name=name]", "Frukost Viared 12 mars")
        page.click("text=Gör en QR-kod")
        page.wait_for_selector("text=Ta med den")
        code = page.url.partition("?")[0]
        for path in (
            code, f"{code}/bild", f"{code}/affisch", f"{base}/qr-koder", f"{base}/prenumeranter",
            f"{base}/prenumeranter/{known.id}", f"{base}/prenumeranter/{known.id}/avsluta", f"{base}/prenumeranter/ny",
            f"{base}/prenumeranter/fil", f"{base}/prenumeranter/nya?manad=1",
        ):  # fmt: skip
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
