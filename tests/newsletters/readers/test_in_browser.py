"""The readers' and the staff's pages in a real browser, at a phone's width and at a desk's, by day and by night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.clock import now
from eventsys.newsletters.issues.models import Article, Issue
from eventsys.newsletters.responses.keys import EXAMPLE_KEY
from eventsys.staff.models import Account
from tests.browser.conftest import press  # noqa: F401
from tests.browser.test_every_page import TOO_WIDE, has_no_sideways_scroll
from tests.chromium import WCAG, OpenPage, axe, without_axe
from tests.events_staff.test_in_browser import sign_in
from tests.factories import make_event
from tests.newsletters.readers.scenes import (
    link_of,
    make_article,
    make_company,
    make_whole_issue,
    picture_bytes,
    responses,
    say,
)
from tests.staff_fixtures import Visitor, served, visitor

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
LONG = "Hållbarhetsrapporteringsskyldighetsöversyn"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield at


@pytest.fixture
def issue(app: Flask) -> Issue:
    make_event(title=f"Frukost om {LONG}", published_at=now() - timedelta(days=1), place=f"{LONG}gatan 1")
    issue = make_whole_issue(subject=f"Väveriet och {LONG}")
    make_article(issue, LONG, lead=f"{LONG} " * 6, body=f"<p>https://lang.example/{'a' * 120}</p>")
    make_whole_issue(2025, 4, with_picture=False)
    return issue


def first_of(issue: Issue) -> Article:
    return issue.articles[0]


def with_pictures(page: Page) -> Page:
    """Whoever serves pictures: here is one."""
    page.route("**/bild/*", lambda route: route.fulfill(body=picture_bytes(), content_type="image/jpeg"))
    return page


@pytest.mark.parametrize("path", ["/foretagsamt", "/foretagsamt/2026/1", "/en/foretagsamt/2026/1"])
def test_the_archive_fits_every_width_by_day_and_by_night(
    address: str, issue: Issue, open_page: OpenPage, path: str
) -> None:
    page = with_pictures(open_page())
    page.goto(address + path)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert has_no_sideways_scroll(page), page.evaluate(TOO_WIDE)
        axe(page, options=WCAG)


def test_the_jump_list_goes_to_the_article_and_prints_without_what_is_only_for_screens(
    address: str, issue: Issue, wide_page: Page
) -> None:
    page = with_pictures(wide_page)
    page.goto(f"{address}/foretagsamt/2026/1")
    page.get_by_role("link", name="Staden köper arbetskläder").first.click()
    expect(page.get_by_role("heading", name="Staden köper arbetskläder")).to_be_in_viewport()
    page.emulate_media(media="print")
    for unseen in (".issue-jump", ".issue-near", ".invitation", ".site-head nav", ".site-foot"):
        expect(page.locator(unseen).first).to_be_hidden()
    expect(page.get_by_role("heading", name="Väveriet i Viared bygger ut")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_answers_with_or_without_javascript(
    address: str,
    issue: Issue,
    open_page: OpenPage,
    press: Callable[..., None],  # noqa: F811
    script: bool,
) -> None:
    page = open_page(java_script_enabled=script)
    if not script:
        without_axe(page)
    page.goto(address + link_of(first_of(issue)))
    page.get_by_label("Vill du säga något om den?").fill("Mer om transporter")
    press(page, "Ja, användbar")
    expect(page.get_by_role("heading", name="Tack för svaret")).to_be_visible()
    assert [(one.is_useful, one.comment) for one in responses()] == [(True, "Mer om transporter")]
    assert page.context.cookies() == []


def test_an_example_thanks_and_counts_nothing(address: str, issue: Issue, page: Page) -> None:
    page.goto(address + link_of(first_of(issue), EXAMPLE_KEY))
    with page.expect_navigation():
        page.get_by_role("button", name="Nej").click()
    expect(page.get_by_text("Svaret räknades inte.")).to_be_visible()
    assert responses() == []


@pytest.fixture
def answers(app: Flask, issue: Issue) -> None:
    web: Visitor = visitor(app)
    for number in range(8):
        say(web, first_of(issue), number > 1, f"{LONG} {number}" if number % 2 else "")
    make_company("Väveriet AB")
    make_company(f"{LONG} AB", street="")


def test_every_staff_page_fits_and_passes_axe(
    address: str, administrator: Account, issue: Issue, answers: None, page: Page
) -> None:
    sign_in(page, f"{address}/personal", administrator)
    for path in ("svar", "svar?visa=lasta", f"nummer/{issue.id}/svar", f"nummer/{issue.id}/tryck"):
        page.goto(f"{address}/personal/nyhetsbrev/{path}")
        assert has_no_sideways_scroll(page), page.evaluate(TOO_WIDE)
        page.emulate_media(color_scheme="dark")
        axe(page, options=WCAG)
        page.emulate_media(color_scheme="light")


def test_staff_tick_several_hide_them_and_take_it_back(
    address: str, administrator: Account, issue: Issue, answers: None, wide_page: Page
) -> None:
    page = wide_page
    sign_in(page, f"{address}/personal", administrator)
    page.goto(f"{address}/personal/nyhetsbrev/svar")
    expect(page.get_by_role("button", name="Dölj", exact=True)).to_be_hidden()
    page.get_by_label("Markera alla på sidan").check()
    expect(page.get_by_text("4 markerade")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Dölj", exact=True).click()
    expect(page.get_by_text("4 kommentarer är dolda.")).to_be_visible()
    expect(page.get_by_text("Inga nya kommentarer")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Ångra").click()
    expect(page.locator(".comments > li")).to_have_count(4)


def test_the_printers_file_and_the_paper_are_fetched_by_their_buttons(
    address: str, administrator: Account, issue: Issue, answers: None, wide_page: Page
) -> None:
    page = wide_page
    sign_in(page, f"{address}/personal", administrator)
    page.goto(f"{address}/personal/nyhetsbrev/nummer/{issue.id}/tryck")
    for role, name, file in (
        ("button", "Hämta 1 adress", "foretagsamt-2026-1-adresser.xlsx"),
        ("link", "Hämta PDF", "foretagsamt-2026-1.pdf"),
    ):
        with page.expect_download() as download:
            page.get_by_role(role, name=name).click()  # type: ignore[arg-type]
        assert download.value.suggested_filename == file
