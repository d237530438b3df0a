"""The desk in a real browser: pages at both widths, and a caught letter that is seen but runs nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eventsys.mail.catcher import letters_folder
from eventsys.serving import running_web
from eventsys.staff.models import Role
from tests.chromium import expect
from tests.desk.test_caught import HTML, catch
from tests.staff_fixtures import PASSWORD, new_account

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.fixture
def site(app) -> Iterator[str]:
    with running_web(app, "127.0.0.1", 0) as web:
        yield f"http://127.0.0.1:{web.port}"


def sign_in(page, site):
    account = new_account(Role.EDITOR)
    page.goto(f"{site}/personal/logga-in")
    page.get_by_label("E-post").fill(account.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()


def test_a_letter_is_seen_in_its_frame_and_runs_nothing(wide_page, site):
    folder = letters_folder()
    folder.mkdir(parents=True, exist_ok=True)
    link = f"{site}/personuppgifter"
    name = catch(folder, html=HTML.replace("https://boras.example/bokning/x", link).replace("alert(1)", "top.pwned=1"))
    refused = []
    wide_page.on("requestfailed", lambda request: refused.append((request.url, request.failure)))
    expect(wide_page, "spy.example")  # the letter's picture from elsewhere is refused before it leaves
    expect(wide_page, "sandboxed")  # and so are its scripts
    sign_in(wide_page, site)
    wide_page.goto(f"{site}/personal/brev/fangade")
    wide_page.get_by_role("link", name="Du är anmäld").click()
    frame = wide_page.frame_locator("iframe")
    assert frame.get_by_text("Du är anmäld").is_visible()
    assert frame.get_by_alt_text("kod").evaluate("picture => picture.naturalWidth") == 1
    assert wide_page.evaluate("window.pwned") is None
    assert ("https://spy.example/x.gif", "csp") in refused
    with wide_page.expect_popup() as opened:
        frame.get_by_role("link", name="Ändra").click()
    assert "Så hanterar vi personuppgifter" in opened.value.title()
    (folder / name).unlink()


def test_pages_of_the_desk_work_at_both_widths(page, wide_page, site):
    for each in (page, wide_page):
        sign_in(each, site)
        for path in ("", "/sok?q=a", "/sok?q=aa", "/brev", "/brev/returer", "/brev/sparrade", "/brev/fangade"):
            each.goto(f"{site}/personal{path}")
            assert each.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_statements_work_at_both_widths(page, wide_page, site):
    for each in (page, wide_page):
        for path in ("/personuppgifter", "/tillganglighet", "/en/personuppgifter", "/en/tillganglighet"):
            each.goto(f"{site}{path}")
            assert each.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
