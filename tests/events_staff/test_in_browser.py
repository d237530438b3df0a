"""The pages in a real browser: run through axe, no wider than the window, and asked before what cannot be undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from eventsys.events.models import AttendeeState, DayBefore, EventState
from eventsys.staff.models import Account
from tests.chromium import axe
from tests.events_staff.conftest import Scene, again
from tests.factories import make_event, make_registration
from tests.staff_fixtures import served
from tests.staff_walk import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

PAGES = [
    "/evenemang", "/evenemang?visa=tidigare", "/evenemang/nytt", "/evenemang/nytt?serie={series_id}",
    "/evenemang/{event_id}", "/evenemang/{event_id}/anmalda", "/evenemang/{event_id}/anmalda?lage=ko",
    "/evenemang/{event_id}/anmalda/lagg-till", "/evenemang/{event_id}/meddelande", "/evenemang/{event_id}/brev",
    "/evenemang/{draft_id}/brev", "/evenemang/{event_id}/paminnelser/kommer",
    "/evenemang/{event_id}/affischer", "/evenemang/{event_id}/affischer/{source_id}",
    "/evenemang/{event_id}/installningar", "/evenemang/{event_id}/stall-in", "/evenemang/{event_id}/kopia",
    "/evenemang/{draft_id}", "/evenemang/{draft_id}/publicera", "/evenemang/{draft_id}/ta-bort",
    "/anmalan/{registration_id}", "/anmalan/{registration_id}/bokare",
    "/anmalan/{registration_id}/person/{attendee_id}", "/anmalan/{registration_id}/person/{attendee_id}/kost",
    "/anmalan/{registration_id}/person/{attendee_id}/flytta", "/anmalan/{registration_id}/person/{attendee_id}/avboka",
    "/serier", "/serier/ny", "/serier/{series_id}", "/serier/{series_id}/fragor/ny",
    "/serier/{series_id}/fragor/{question_id}", "/installningar/konton/{account_id}/serier",
]  # fmt: skip


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label).click()


def test_every_page_fits_and_passes_axe(address: str, administrator: Account, scene: Scene, page: Page) -> None:
    make_registration(scene.event, ["Kalle Kö"])
    draft = make_event(
        series=scene.series, title="Ett utkast om upphandling", state=EventState.DRAFT, place="",
        remind_week=True, day_before=DayBefore.ASK, says_thanks=True,
    )  # fmt: skip
    sign_in(page, address, administrator)
    for path in PAGES:
        path = path.format(draft_id=draft.id, account_id=administrator.id, **scene.ids())
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(too_wide), f"{path} is wider than the window"


def test_cancelling_an_event_is_asked_in_a_dialog(
    page: Page, address: str, administrator: Account, scene: Scene
) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/evenemang/{scene.event.id}")
    page.get_by_role("link", name="Ställ in evenemanget").click()
    dialog = page.get_by_role("dialog")
    assert "2 personer får ett brev" in dialog.inner_text()
    axe(page)
    dialog.get_by_label("Varför ställs det in?").fill("Talaren är sjuk.")
    press(page, "Ställ in och meddela 2 personer")
    assert page.get_by_text("2 personer får ett brev om det.").is_visible()
    assert again(scene.event).state is EventState.CANCELLED


def test_ticked_people_are_counted_and_cancelled_after_a_question(
    wide_page: Page, address: str, administrator: Account, scene: Scene
) -> None:
    sign_in(wide_page, address, administrator)
    wide_page.goto(f"{address}/evenemang/{scene.event.id}/anmalda")
    assert not wide_page.get_by_role("button", name="Avboka").is_visible()
    wide_page.get_by_label("Markera Åsa Öberg").check()
    wide_page.get_by_role("button", name="Avboka").click()
    assert "1 markerade avbokas" in wide_page.get_by_role("dialog").inner_text()
    axe(wide_page)
    press(wide_page, "Avboka dem")
    assert wide_page.get_by_text("1 person är avbokad").is_visible()
    assert again(scene.attendee).state is AttendeeState.CANCELLED


def test_a_plain_event_is_published_from_one_form(
    page: Page, address: str, administrator: Account, scene: Scene
) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/evenemang/nytt?serie={scene.series.id}")
    page.get_by_label("Rubrik").fill("Frukost om el")
    page.get_by_label("Datum").fill("2031-03-04")
    page.get_by_label("Sammanfattning").fill("En frukost om elpriser.")
    press(page, "Spara och publicera")
    assert page.get_by_text("Evenemanget är publicerat.").is_visible()
    assert page.get_by_role("heading", name="Frukost om el").is_visible()
