"""Writing an issue in a real browser: saved by itself, shown at once, and nothing lost."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Route
from playwright.sync_api import expect as shown

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.newsletters.issues.articles import Content, content_of, save_article, seen_mark
from eventsys.newsletters.issues.models import Article, Issue
from eventsys.newsletters.issues.proofs import ask_for_approval
from eventsys.newsletters.issues.queries import article_by_id, issue_by_id
from eventsys.staff.models import Account, Role
from tests.chromium import expect, without_axe
from tests.newsletters.issues.scenes import make_article, make_issue, make_picture
from tests.staff_fixtures import new_account, see_anew, served
from tests.staff_walk import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
SAVED = re.compile(r"Sparat kl\. \d\d\.\d\d")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


@pytest.fixture
def issue(app: Flask) -> Issue:
    made = make_issue(articles=2)
    return issue_by_id(made.id)


def open_issue(page: Page, address: str, account: Account, issue: Issue) -> None:
    sign_in(page, address, account)
    page.goto(f"{address}/nyhetsbrev/nummer/{issue.id}")


def state(page: Page):
    return page.locator("form[data-article] [data-save-state]")


def again(article: Article) -> Article:
    see_anew()
    return article_by_id(article.id)


def first(issue: Issue) -> Article:
    return issue.articles[0]


def test_every_page_fits_and_passes_axe(address: str, writer: Account, issue: Issue, page: Page) -> None:
    idea = make_article()
    make_article(issue, picture_id=make_picture().id, alt="")
    asked = make_issue(articles=1, number=2)
    asker = new_account(Role.EDITOR)
    with transaction():
        proof = ask_for_approval(asked.id, asker.id, now())
    sign_in(page, address, writer)
    for path in (
        "?ar=2027", "?ar=2030", "/ideer", f"/ideer/{idea.id}", f"/nummer/{issue.id}", f"/nummer/{issue.id}/dagar",
        f"/nummer/{issue.id}/forhandsvisning", f"/nummer/{issue.id}/forhandsvisning?som=text",
        f"/nummer/{issue.id}/kontroll", f"/nummer/{asked.id}/korrektur/{proof.id}", f"/artiklar/{idea.id}/ta-bort",
        "/exempel",
    ):  # fmt: skip
        answer = page.goto(f"{address}/nyhetsbrev{path}")
        assert answer is not None
        assert answer.status == 200, path
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(too_wide), f"{path} is wider than the window"


def test_what_is_written_is_saved_by_itself_and_stands_in_the_letter(
    wide_page: Page, address: str, writer: Account, issue: Issue
) -> None:
    page = wide_page
    open_issue(page, address, writer, issue)
    page.get_by_label("Rubrik", exact=True).fill("Ny brygga vid Viskan")
    editor = page.locator("trix-editor")
    editor.evaluate("editor => editor.editor.loadHTML('')")
    editor.click()
    page.keyboard.type("Först vanligt, ")
    page.get_by_role("button", name="Fetstil").click()
    page.keyboard.type("sedan fett.")
    shown(state(page)).to_have_text(SAVED)
    shown(page.locator(".article-list li").first).to_contain_text("Ny brygga vid Viskan")
    letter = page.frame_locator("iframe[data-live]")
    shown(letter.get_by_role("heading", name="Ny brygga vid Viskan")).to_be_visible()
    found = again(first(issue))
    assert found.heading == "Ny brygga vid Viskan"
    assert found.body == "<p>Först vanligt, <strong>sedan fett.</strong></p>"


def test_looking_at_an_article_saves_nothing(wide_page: Page, address: str, writer: Account, issue: Issue) -> None:
    before = first(issue).version
    open_issue(wide_page, address, writer, issue)
    shown(wide_page.locator("trix-editor")).to_contain_text("Vi har besökt dem alla.")
    wide_page.get_by_label("Rubrik", exact=True).focus()
    wide_page.keyboard.press("Tab")
    assert wide_page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('eventsys:')).length") == 0
    assert again(first(issue)).version == before


def test_without_contact_the_page_says_so_and_nothing_is_lost(
    wide_page: Page, address: str, writer: Account, issue: Issue
) -> None:
    page = wide_page
    expect(page, "Failed to fetch")
    open_issue(page, address, writer, issue)
    page.context.set_offline(True)
    page.get_by_label("Rubrik", exact=True).fill("Skriven utan kontakt")
    shown(state(page)).to_contain_text("ingen kontakt")
    page.context.set_offline(False)
    shown(state(page)).to_have_text(SAVED, timeout=15_000)
    assert again(first(issue)).heading == "Skriven utan kontakt"


LEAVE_A_DRAFT = """() => {
    const form = document.querySelector('form[data-article]');
    const entries = [...new FormData(form)].filter(([name]) => !['csrf_token', 'picture', 'href'].includes(name));
    const draft = entries.map(([name, value]) => [name, name === 'heading' ? 'Skriven i går' : value]);
    localStorage.setItem(`eventsys:${form.dataset.autosave}`, JSON.stringify(draft));
}"""


def test_what_the_server_never_got_is_back_when_the_page_is_opened_again(
    wide_page: Page, address: str, writer: Account, issue: Issue
) -> None:
    """The browser was closed, or the machine went out, before anything was sent."""
    page = wide_page
    open_issue(page, address, writer, issue)
    shown(page.locator("trix-editor")).to_be_visible()
    page.evaluate(LEAVE_A_DRAFT)
    page.goto(f"{address}/nyhetsbrev/nummer/{issue.id}")
    shown(page.get_by_label("Rubrik", exact=True)).to_have_value("Skriven i går")
    shown(state(page)).to_have_text(SAVED)
    assert again(first(issue)).heading == "Skriven i går"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('eventsys:')).length") == 0


def test_keys_pressed_while_saving_are_saved_as_well(
    wide_page: Page, address: str, writer: Account, issue: Issue
) -> None:
    page = wide_page
    open_issue(page, address, writer, issue)
    heading = page.get_by_label("Rubrik", exact=True)

    def slow(route: Route) -> None:
        heading.fill("Andra rubriken")
        route.continue_()

    page.route("**/nyhetsbrev/artiklar/*", slow, times=1)
    heading.fill("Första rubriken")
    shown(page.locator(".article-list li").first).to_contain_text("Andra rubriken")
    assert again(first(issue)).heading == "Andra rubriken"


def test_a_colleague_who_wrote_the_same_is_not_overwritten(
    wide_page: Page, address: str, writer: Account, issue: Issue
) -> None:
    page = wide_page
    expect(page, "answered 409")
    open_issue(page, address, writer, issue)
    article = first(issue)
    with transaction():
        given = {**content_of(article_by_id(article.id)), "heading": "Kollegans rubrik"}
        save_article(article.id, Content(**given), seen_mark(article_by_id(article.id)), None, now())
    page.get_by_label("Rubrik", exact=True).fill("Min rubrik")
    shown(page.locator("[data-conflict]")).to_contain_text("Sparat nu: Kollegans rubrik")
    assert again(article).heading == "Kollegans rubrik"
    page.get_by_role("button", name="Spara", exact=True).click()
    shown(state(page)).to_have_text(SAVED)
    assert again(article).heading == "Min rubrik"
    page.evaluate("scrollTo(0, 0)")  # nothing half behind the bar at the top when axe looks


def test_too_long_a_text_is_refused_and_stays(wide_page: Page, address: str, writer: Account, issue: Issue) -> None:
    page = wide_page
    expect(page, "answered 422")
    open_issue(page, address, writer, issue)
    long = "ord " * 15_500
    page.locator("trix-editor").evaluate("(editor, text) => editor.editor.insertString(text)", long)
    shown(state(page)).to_contain_text("får plats")
    shown(page.locator("[data-found]")).to_contain_text("Korta den")
    assert page.locator("trix-editor").inner_text().count("ord") >= 15_000


def test_a_picture_is_shown_at_once_and_one_too_large_is_refused_before_it_is_sent(
    wide_page: Page, address: str, writer: Account, issue: Issue
) -> None:
    page = wide_page
    open_issue(page, address, writer, issue)
    field = page.get_by_label("Bild (frivilligt)")
    field.set_input_files([{"name": "stor.jpg", "mimeType": "image/jpeg", "buffer": b"x" * (21 * 1024 * 1024)}])
    shown(page.locator("[data-found]")).to_contain_text("större än 20 MB")
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG")
    field.set_input_files([{"name": "liten.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}])
    shown(page.locator("[data-picture] img")).to_be_visible()
    shown(page.locator("[data-missing]")).to_contain_text("Beskriv vad bilden visar")
    page.get_by_label("Bildbeskrivning").fill("En blågrön ruta")
    shown(page.locator("[data-missing] li")).to_have_count(0)
    found = again(first(issue))
    assert found.picture is not None
    assert found.alt == "En blågrön ruta"


def test_articles_change_places_by_dragging(wide_page: Page, address: str, writer: Account, issue: Issue) -> None:
    page = wide_page
    open_issue(page, address, writer, issue)
    names = [article.heading for article in issue.articles]
    items = page.locator(".article-list li")
    with page.expect_navigation():
        items.nth(1).drag_to(items.nth(0), target_position={"x": 60, "y": 3})
    shown(items.first).to_contain_text(names[1])
    see_anew()
    assert [article.heading for article in issue_by_id(issue.id).articles] == names[::-1]


def test_without_javascript_text_is_saved_by_the_button(open_page, address: str, writer: Account, issue: Issue) -> None:
    page: Page = open_page(java_script_enabled=False)
    without_axe(page)  # it is a script
    sign_in(page, address, writer)
    page.goto(f"{address}/nyhetsbrev/nummer/{issue.id}")
    page.get_by_label("Text (frivilligt)", exact=True).fill("Ett stycke.\n\nEtt till.")
    with page.expect_navigation():
        page.get_by_role("button", name="Spara", exact=True).click()
    assert "Artikeln är sparad." in page.content()
    assert again(first(issue)).body == "<p>Ett stycke.</p><p>Ett till.</p>"
    db.session.rollback()
