"""The pages in a real browser: run through axe, no wider than the window; a paper whose progress moves by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from eventsys.clock import now
from eventsys.companies.queries import company_by_number
from eventsys.database import db, transaction
from eventsys.events import actors
from eventsys.events.attendance import closing, marking
from eventsys.events.attendance.models import Paper
from eventsys.staff.models import Account
from tests.attendance.conftest import HOUR, make_past, people, see_anew
from tests.factories import make_event, make_person, make_registration, make_series
from tests.staff_fixtures import served
from tests.staff_walk import press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

PAGES = [
    "/evenemang/{coming}", "/evenemang/{coming}/underlag", "/evenemang/{coming}/underlag/koket",
    "/evenemang/{coming}/underlag/koket/namn", "/evenemang/{coming}/underlag/representation",
    "/evenemang/{past}", "/evenemang/{past}/vilka-kom", "/evenemang/{past}/anmalda", "/evenemang/{past}/underlag",
    "/evenemang/{closed}", "/evenemang/deltagare",
    "/evenemang/deltagare?serie=&fran=2020-01-01&till=2040-01-01&vilka=alla",
    "/foretag/{company}", "/serier/{series}", "",
]  # fmt: skip


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def a_season() -> dict[str, int]:
    """A series with three closed events, one that nobody has marked, and one to come."""
    series = make_series(name="Fredagslunch")
    for _ in range(3):
        event = make_past(5, ended=300 * HOUR, series=series)
        with transaction():
            marking.mark(event.id, [one.id for one in people(event)[:4]], True, now())
            closing.close_attendance(event.id, now())
    past = make_past(["Åsa Öberg", "Bo Alm"], series=series, title="Frukost om el")
    coming = make_event(series=series, asks_diet=True, title="Lunch om export")
    eaters = [make_person("Cia Dahl", diet="Glutenfritt"), make_person("Di Om", diet="Allergisk mot kiwi")]
    make_registration(coming, eaters, company_name="Ek AB", company_number="5566778899")
    company = company_by_number("5566778899")
    assert company is not None
    return {
        "past": past.id, "closed": event.id, "coming": coming.id, "company": company.id, "series": series.id,
    }  # fmt: skip


def test_every_page_fits_and_passes_axe(address: str, organiser: Account, page: Page) -> None:
    ids = a_season()
    sign_in(page, address, organiser)
    for path in PAGES:
        answer = page.goto(address + path.format(**ids))
        assert answer is not None
        assert answer.status == 200, path
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(too_wide), f"{path} is wider than the window"


def test_those_who_came_are_ticked_saved_and_undone(wide_page: Page, address: str, organiser: Account) -> None:
    event = make_past(["Åsa Öberg", "Bo Alm"])
    sign_in(wide_page, address, organiser)
    wide_page.goto(f"{address}/evenemang/{event.id}")
    wide_page.get_by_role("link", name="Säg vilka som kom").click()
    wide_page.get_by_label("Åsa Öberg kom").check()
    press(wide_page, "Spara vilka som kom")
    assert wide_page.get_by_text("1 person markerade som kom, 1 person markerade som uteblev.").is_visible()
    assert [one.state for one in people(event)] == ["no_show", "attended"]
    press(wide_page, "Ångra markeringen")
    assert [one.state for one in people(event)] == ["confirmed", "confirmed"]


def test_ticked_rows_of_the_list_are_marked(wide_page: Page, address: str, organiser: Account) -> None:
    event = make_past(["Åsa Öberg", "Bo Alm"])
    sign_in(wide_page, address, organiser)
    wide_page.goto(f"{address}/evenemang/{event.id}/anmalda")
    wide_page.get_by_label("Markera Bo Alm").check()
    press(wide_page, "Markera som uteblev")
    assert [one.state for one in people(event)] == ["no_show", "confirmed"]


def test_the_progress_of_a_long_paper_moves_by_itself(app: Flask, page: Page, address: str, organiser: Account) -> None:
    event = make_event(capacity=60, party_size=60)
    make_registration(event, 60)
    sign_in(page, address, organiser)
    page.goto(f"{address}/evenemang/{event.id}/underlag")
    press(page, "Gör dörrlistan")
    assert page.get_by_text("0 av 60").is_visible()
    see_anew()
    actors.make_paper(db.session.query(Paper.id).scalar())
    page.get_by_role("link", name="Hämta dörrlista").wait_for()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hämta dörrlista").click()
    assert fetched.value.suggested_filename == "dorrlista-fredagslunch.pdf"
