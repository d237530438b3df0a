"""The pages about a person's own data in a real browser: at three widths, by axe, and from the form to the decision."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.privacy.asking import Asked, ask
from eventsys.privacy.models import PersonRequest, Wish
from eventsys.staff.models import Role
from tests.privacy.scenes import ADDRESS, NAME, ask_to_erase, letters_folder, make_world
from tests.staff_fixtures import new_account, see_anew, served
from tests.staff_walk import FITS, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

WIDTHS = (320, 390, 1280)


@pytest.fixture
def site(app) -> Iterator[str]:
    with served(app) as address:
        yield address


def test_every_page_of_the_staff_fits_and_passes_axe(open_page, site):
    for path in letters_folder().iterdir():
        path.unlink()
    make_world()
    request_id = ask_to_erase()
    account = new_account(Role.ADMINISTRATOR)
    queue = f"{site}/personal/personuppgifter"
    for width in WIDTHS:
        page = open_page(width, 844)
        sign_in(page, f"{site}/personal", account)
        for path in ("", "/ny", f"/{request_id}", f"/{request_id}/radera", f"/{request_id}/avsla"):
            page.goto(f"{queue}{path}")
            assert page.evaluate(FITS), (width, path)


def test_the_pages_of_the_public_fit_and_pass_axe(open_page, site):
    with transaction():
        ask(Asked(Wish.ERASE, ADDRESS), now())
    token = db.session.scalars(select(PersonRequest.token)).one()
    for width in WIDTHS:
        page = open_page(width, 844)
        for path in ("", f"/{token}"):
            page.goto(f"{site}/personuppgifter/begaran{path}")
            assert page.evaluate(FITS), (width, path)


@pytest.mark.parametrize("script", [True, False])
def test_from_the_form_to_the_decision(open_page, site, script):
    page = open_page(java_script_enabled=script)
    page.goto(f"{site}/personuppgifter")
    page.get_by_role("link", name="Begär att få se, rätta eller radera dina uppgifter").click()
    press(page, "Skicka begäran")
    assert "Fel:" in page.title()
    assert page.get_by_text("Välj vad du vill att vi gör.").first.is_visible()
    page.get_by_text("Bli raderad", exact=True).click()
    page.get_by_label("E-post").fill(ADDRESS)
    page.get_by_label(re.compile("^Namn")).fill(NAME)
    press(page, "Skicka begäran")
    assert "Titta i din inkorg" in page.title()
    see_anew()
    token = db.session.scalars(select(PersonRequest.token)).one()
    page.goto(f"{site}/personuppgifter/begaran/{token}")
    press(page, "Ja, begäran är min")
    assert "Vi har fått din begäran" in page.title()
    sign_in(page, f"{site}/personal", new_account(Role.ADMINISTRATOR))
    page.goto(f"{site}/personal/personuppgifter")
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="Radera personen").click()
    page.get_by_label("Skriv RADERA").fill("RADERA")
    press(page, "Radera personen")
    assert page.get_by_text("Raderas strax").is_visible()
