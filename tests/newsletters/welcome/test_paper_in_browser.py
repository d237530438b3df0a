"""The pages of welcome letters on paper in a real browser: found well by axe, no wider than the window, moving."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventsys.database import db
from eventsys.newsletters import actors
from eventsys.newsletters.welcome.models import RoundState, WelcomePaper
from eventsys.staff.models import Role
from tests.chromium import axe
from tests.newsletters.sending.test_in_browser import FITS, press, sign_in
from tests.newsletters.welcome.paper_scenes import make_letter, make_letters, make_round
from tests.staff_fixtures import new_account, see_anew, served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

SETTINGS = "nyhetsbrev/valkomstbrev/installningar"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def test_every_page_fits_and_passes_axe(
    address: str,
    page: Page,
) -> None:
    round_, draft, empty = make_round(RoundState.SENT), make_round(RoundState.DRAFT), make_round()
    make_letters(round_, 12)
    make_letter(round_, "Hållbarhetsrapporteringsskyldighetsöversyn" * 4, address="borta@ek.example")
    sign_in(page, address, new_account())
    papers = [f"nyhetsbrev/valkomstbrev/{one.id}/papper" for one in (round_, draft, empty)]
    for path in (*papers, SETTINGS, f"{SETTINGS}?fonster=vanster"):
        answer = page.goto(f"{address}/{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(FITS), path
        axe(page)
    page.get_by_label("Uppifrån, mm").fill("90")
    press(page, "Spara inställningarna")
    expect(page.get_by_role("alert")).to_contain_text("pappret viks vid 99 mm")
    assert page.evaluate(FITS)
    page.emulate_media(color_scheme="dark")
    axe(page)


def test_the_progress_moves_by_itself_and_the_file_is_fetched(
    address: str,
    page: Page,
) -> None:
    round_ = make_round()
    make_letters(round_, 12)
    sign_in(page, address, new_account())
    page.goto(f"{address}/nyhetsbrev/valkomstbrev/{round_.id}/papper")
    press(page, "Gör 12 brev")
    expect(page.locator("#papper")).to_contain_text("0 av 12")
    see_anew()
    actors.make_welcome_paper(db.session.scalars(select(WelcomePaper.id)).one())
    fetch = page.get_by_role("link", name="Hämta 12 brev som PDF")
    expect(fetch).to_be_visible(timeout=20_000)
    with page.expect_download() as got:
        fetch.click()
    assert got.value.suggested_filename.endswith("-brev.pdf")


def test_an_editor_reads_the_settings(address: str, page: Page) -> None:
    sign_in(page, address, new_account(Role.EDITOR))
    page.goto(f"{address}/{SETTINGS}")
    expect(page.locator("main")).to_contain_text("85 × 30 mm, 110 mm från vänster")
    assert page.evaluate(FITS)
    axe(page)
