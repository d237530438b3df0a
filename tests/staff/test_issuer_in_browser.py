"""Signing in by OpenID Connect in a real browser, with a real issuer that is another site."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from eventsys.staff.models import Account, Role
from tests.chromium import WCAG, axe, expect
from tests.staff.bent_issuer import CLIENT, SECRET
from tests.staff.issuers import real_issuer, real_time
from tests.staff_fixtures import new_account, served
from tests.staff_walk import FITS, press

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

EMAIL = "alva@boras.example"
PEOPLE = (
    {"sub": "alva", "email": EMAIL, "email_verified": True},
    {"sub": "nils", "email": "nils@boras.example", "email_verified": True},
)
FOREIGN = "cdn.jsdelivr.net"  # where the issuer's page has its style from


@pytest.fixture(autouse=True)
def _the_real_time() -> Iterator[None]:
    with real_time():
        yield


@pytest.fixture
def issuer() -> Iterator[str]:
    """`localhost` is another site than 127.0.0.1, so the cookie comes back as it does from a real issuer."""
    with real_issuer(*PEOPLE, host="localhost") as url:
        yield url


@pytest.fixture
def address(app: Flask, issuer: str) -> Iterator[str]:
    before = app.extensions["eventsys_settings"]
    with served(app) as at:
        app.extensions["eventsys_settings"] = dataclasses.replace(
            before, base_url=at, oidc_issuer=issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
        )
        yield f"{at}/personal"
    app.extensions["eventsys_settings"] = before
    app.extensions.pop("eventsys_issuer", None)


@pytest.fixture
def far_page(page: Page) -> Page:
    """A page that goes to a site of others and back."""
    expect(page, FOREIGN)
    page.route(f"**/{FOREIGN}/**", lambda route: route.abort())
    return page


def reads_well(page: Page) -> None:
    for size in ({"width": 320, "height": 640}, {"width": 1280, "height": 800}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate(FITS), page.url
        axe(page, options=WCAG)


def go_there(page: Page) -> None:
    """By keyboard: the city's account is the first thing in the form."""
    page.get_by_role("link", name="Logga in med stadens konto").focus()
    with page.expect_navigation(url="**/oauth2/authorize?**"):
        page.keyboard.press("Enter")


def agree(page: Page, subject: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=subject, exact=True).click()


def test_a_colleague_goes_to_the_city_and_comes_back_to_the_page_they_wanted(
    app: Flask, far_page: Page, address: str
) -> None:
    new_account(Role.ORGANISER, email=EMAIL)
    far_page.goto(f"{address}/konto")
    reads_well(far_page)
    go_there(far_page)
    agree(far_page, "alva")
    assert far_page.url == f"{address}/konto"
    assert far_page.get_by_text("Du loggar in med stadens konto.").is_visible()
    reads_well(far_page)
    press(far_page, "Logga ut")
    reads_well(far_page)
    with far_page.expect_navigation(url="**/oauth2/end_session?**"):
        far_page.get_by_role("link", name="Logga ut från stadens konto också").click()
    with far_page.expect_navigation():
        far_page.get_by_role("button", name="End session").click()
    assert far_page.url == f"{address}/logga-in"


def test_a_stranger_and_one_who_says_no_read_what_to_do(app: Flask, far_page: Page, address: str) -> None:
    far_page.goto(f"{address}/konto/losenord")
    go_there(far_page)
    agree(far_page, "nils")
    assert far_page.get_by_role("heading", name="Du har inget konto här").is_visible()
    reads_well(far_page)
    far_page.get_by_role("link", name="Tillbaka till inloggningen").click()
    go_there(far_page)
    agree(far_page, "Deny")
    assert far_page.get_by_role("heading", name="Inloggningen blev inte klar").is_visible()
    reads_well(far_page)
    far_page.get_by_role("link", name="Tillbaka till inloggningen").click()
    new_account(Role.ORGANISER, email="nils@boras.example")
    go_there(far_page)
    agree(far_page, "nils")
    assert far_page.url == f"{address}/konto/losenord", "where they were going all the time"


def test_an_issuer_that_is_down_leaves_the_password(app: Flask, page: Page, address: str, organiser: Account) -> None:
    expect(page, "answered 503")
    before = app.extensions["eventsys_settings"]
    app.extensions["eventsys_settings"] = dataclasses.replace(before, oidc_issuer="http://127.0.0.1:1")
    page.goto(f"{address}/logga-in")
    page.get_by_role("link", name="Logga in med stadens konto").click()
    assert page.get_by_role("heading", name="Stadens inloggning svarar inte").is_visible()
    reads_well(page)
    page.get_by_role("link", name="Tillbaka till inloggningen").click()
    assert page.get_by_label("Lösenord").is_visible()
