"""The pages of sending in a real browser: found well by axe, no wider than the window, and moving by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.database import transaction
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.audience.segments import add_segment
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.staff.models import Account
from tests.chromium import axe
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import approved_issue, deliver_all, id_of, make_company, make_issue, sent_off
from tests.sink import SmtpSink
from tests.staff_fixtures import served
from tests.staff_walk import FITS, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

PAGES = [
    "nummer/{draft}/mottagare", "nummer/{draft}/mottagare?visa=utelamnade", "nummer/{draft}/utskick",
    "nummer/{ready}/utskick", "nummer/{ready}/utskick/nu", "nummer/{left}/utskick", "nummer/{left}/utskick/namn",
    "nummer/{left}/utskick/namn?lage=avvisade", "nummer/{left}/utskick/utelamnade", "nummer/{left}/utskick/avbryt",
    "nummer/{left}/utskick/okanda", "nummer/{held}/utskick", "nummer/{held}/utskick/slapp",
    "nummer/{gone}/mottagare", "urval", "urval/nytt", "urval/{segment}",
    "urval/{segment}/andra", "urval/{segment}/ta-bort", "installningar",
]  # fmt: skip


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label).click()


def furnish(relay: SmtpSink) -> dict[str, int]:
    relay.when("rcpt", to="a1@ek.example", say="552 5.3.4 Message too big")
    for number in range(6):
        make_reader(f"a{number}@ek.example", organisation="Hållbarhetsrapporteringsskyldighetsöversyn i Borås AB")
    make_reader("borta@ek.example", lists=[], left=[FORETAGSAMT])
    make_company("Färgeriet AB", ["info@fargeriet.example"], place="Borås")
    with transaction():
        segment = add_segment("Borås", COMPANIES, Rules(places=("Borås",)), "Alva").id
    left = approved_issue()
    sent_off(left)
    deliver_all()
    held = approved_issue()
    sent_off(held, hold=10)
    return {
        "draft": id_of(make_issue()), "ready": id_of(approved_issue()), "left": id_of(left), "segment": segment,
        "gone": id_of(make_issue(audience="segment:999")), "held": id_of(held),
    }  # fmt: skip


def test_every_page_fits_and_passes_axe(address: str, relay: SmtpSink, administrator: Account, page: Page) -> None:
    sign_in(page, address, administrator)
    ids = furnish(relay)
    for path in PAGES:
        answer = page.goto(f"{address}/nyhetsbrev/{path.format(**ids)}")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(FITS), path
    page.emulate_media(color_scheme="dark")
    axe(page)


def test_the_ledger_moves_by_itself(address: str, relay: SmtpSink, administrator: Account, page: Page) -> None:
    for number in range(6):
        make_reader(f"a{number}@ek.example")
    issue = approved_issue()
    sent_off(issue)
    sign_in(page, address, administrator)
    page.goto(f"{address}/nyhetsbrev/nummer/{id_of(issue)}/utskick")
    expect(page.locator("#liggare")).to_contain_text("0 av 6 brev")
    deliver_all()
    expect(page.locator("#liggare")).to_contain_text("6 av 6 brev", timeout=20_000)


def test_an_issue_is_sent_from_its_page(address: str, relay: SmtpSink, administrator: Account, page: Page) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    sign_in(page, address, administrator)
    page.goto(f"{address}/nyhetsbrev/nummer/{id_of(issue)}/utskick")
    page.get_by_role("link", name="Skicka nu").click()
    press(page, "Skicka till 1 mottagare")
    expect(page.get_by_role("status").first).to_contain_text("skickas nu till 1 mottagare")
