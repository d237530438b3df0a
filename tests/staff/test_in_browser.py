"""The pages in a real browser; each page opened is run through axe, and its console must be quiet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from eventsys.database import transaction
from eventsys.staff import accounts
from eventsys.staff.models import Account, Role
from tests.staff_fixtures import PASSWORD, new_account, served
from tests.staff_walk import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

PAGES = [
    "/konto", "/konto/losenord", "/installningar", "/installningar/konton", "/installningar/konton/ny",
    "/installningar/utseende", "/installningar/logg", "/komponenter",
]  # fmt: skip


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label).click()


def test_an_administrator_finds_every_settings_page(address: str, administrator: Account, page: Page) -> None:
    sign_in(page, address, administrator)
    colleague = new_account(Role.CO_ORGANISER, password="")
    for path in [*PAGES, f"/installningar/konton/{colleague.id}"]:
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(too_wide), f"{path} is wider than the window"


def test_a_colleague_follows_the_link_and_chooses_a_password(page: Page, address: str) -> None:
    with transaction():
        account = accounts.prepare_account("bo@boras.example", "Bo Ek", Role.HOST)
        token = accounts.new_link(account, accounts.INVITATION_HOLDS)
    page.goto(f"{address}/losenord/{token}")
    page.get_by_label("Nytt lösenord", exact=True).fill("kort")
    press(page, "Spara lösenordet")
    assert page.title().startswith("Fel: Välj ett lösenord")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_label("Nytt lösenord", exact=True).fill(PASSWORD)
    page.get_by_label("Nytt lösenord en gång till").fill(PASSWORD)
    press(page, "Spara lösenordet")
    assert page.get_by_text("Lösenordet är sparat och du är inloggad.").is_visible()
    press(page, "Logga ut")
    assert page.get_by_text("Du är utloggad.").is_visible()


def test_a_forgotten_password_and_a_wrong_role_are_told_calmly(page: Page, address: str, host: Account) -> None:
    page.goto(f"{address}/glomt")
    page.get_by_label("E-post").fill("ingen@boras.example")
    press(page, "Skicka länk")
    assert page.get_by_role("heading", name="Titta i din e-post").is_visible()
    page.goto(f"{address}/losenord/slut")
    assert page.get_by_role("heading", name="Länken gäller inte längre").is_visible()
    sign_in(page, address, host)
    page.goto(f"{address}/installningar/konton")
    assert page.get_by_text("Din roll är värd.").is_visible()
