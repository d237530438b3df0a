"""Inviting from the register and the form of a segment in a real browser: fit the window, pass axe, work by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.clock import now
from eventsys.companies.models import Tag
from eventsys.database import db, transaction
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.audience.segments import add_segment
from eventsys.newsletters.lists import COMPANIES
from eventsys.staff.models import Account
from tests.factories import make_event
from tests.newsletters.sending.scenes import make_company
from tests.newsletters.sending.test_in_browser import FITS, press, sign_in
from tests.staff_fixtures import served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
PAGES = (
    "urval/nytt", "urval/{segment}", "urval/{segment}/andra", "bjud-in", "bjud-in/{event}?fran=2026-1",
    "bjud-in/{event}?fran=2020-1", "bjud-in/{event}?fran=segment:{segment}",
)  # fmt: skip


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def furnish() -> dict[str, int]:
    for n in range(4):
        make_company(
            f"Väveriet {n} i Borås AB", [f"info@vav{n}.example"], place="Borås", registered_on=date(2026, 2, 3)
        )
    make_company("Utan Adress AB", registered_on=date(2026, 2, 3))
    make_company("Spärrade AB", ["info@sparr.example"], registered_on=date(2026, 2, 3), refuses_advertising=True)
    with transaction():
        db.session.add(Tag(name="Textil och mode", key="textil och mode", created_at=now()))
        rules = Rules(places=("Borås",), least=0, sni=("13",), any_event=True)
        segment = add_segment("Textil i Borås", COMPANIES, rules, "Alva").id
    return {"segment": segment, "event": make_event(title="Välkommen som företagare", by_invitation=True).id}


def test_every_page_fits_and_passes_axe(address: str, organiser: Account, page: Page) -> None:
    sign_in(page, address, organiser)
    ids = furnish()
    for path in PAGES:
        answer = page.goto(f"{address}/nyhetsbrev/{path.format(**ids)}")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(FITS), path


def test_new_companies_are_invited_from_the_guest_list(address: str, organiser: Account, page: Page) -> None:
    sign_in(page, address, organiser)
    ids = furnish()
    page.goto(f"{address}/evenemang/{ids['event']}/inbjudna")
    page.get_by_role("link", name="Från registret").click()
    page.goto(f"{address}/nyhetsbrev/bjud-in/{ids['event']}?fran=2026-1")
    page.get_by_label("Bjud in Väveriet 3 i Borås AB").uncheck()
    press(page, "Bjud in 4 företag")
    expect(page.get_by_role("status").first).to_contain_text("3 är inbjudna")
