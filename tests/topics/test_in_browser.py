"""Terms, points and themes in a real browser: no wider than the window, nothing for axe, also without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.models import Event, EventState, Series
from eventsys.events.topics.points import add_point, tick_point
from eventsys.events.topics.queries import points_of
from eventsys.events.topics.themes import note_theme, put_away, take_up
from eventsys.staff.models import Account
from tests.chromium import OpenPage, axe, without_axe
from tests.factories import make_event
from tests.staff_fixtures import see_anew, served
from tests.staff_walk import press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


@pytest.fixture
def furnished(lunch: Event, next_lunch: Event) -> Series:
    """A series with points in every state, themes in every state, and a draft that lacks a place."""
    series_id = lunch.series_id
    make_event(series=lunch.series, title="Lunch utan plats", state=EventState.DRAFT, place="",
               starts_at=lunch.starts_at + timedelta(days=21))  # fmt: skip
    with transaction():
        done = add_point(lunch.id, "Upphandlingen av lunch och fika till stadens möten öppnar i mars.", "Alva", now())
        add_point(lunch.id, "Ny detaljplan för Viared. Synpunkter lämnas före den sista april.", "Alva", now())
        add_point(lunch.id, "Företagsamt kommer i juni.", "Alva Administratör", now())
        tick_point(lunch.id, done.id, True, now())
        texts = ("Hitta personal när konkurrensen är hård", "Elpriser", "Generationsskifte", "Cybersäkerhet")
        themes = [note_theme(series_id, text, "Besök hos Väveriet", "Alva", now()).id for text in texts]
        take_up(series_id, themes[:1], lunch.id)
        put_away(series_id, themes[1], now())
    return lunch.series


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_every_page_fits_and_passes_axe(
    address: str, administrator: Account, furnished: Series, lunch: Event, page: Page
) -> None:
    point, theme = points_of(lunch)[0].id, 3
    sign_in(page, address, administrator)
    event, series = f"/evenemang/{lunch.id}", f"/serier/{furnished.id}"
    for path in (
        f"{event}/ta-upp", f"{event}/ta-upp/talare", f"{event}/ta-upp/{point}", f"{event}/kopia", f"{series}/teman",
        f"{series}/teman/{theme}", f"{series}/termin", f"{series}/utkast", f"{series}/utkast/publicera", series,
        f"/evenemang/nytt?serie={furnished.id}",
    ):  # fmt: skip
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        assert fits(page), f"{path} is wider than the window"


def drafts(series: Series) -> list[Event]:
    see_anew()
    query = select(Event).where(Event.series_id == series.id, Event.state == EventState.DRAFT)
    return list(db.session.scalars(query.order_by(Event.starts_at)))


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_term_is_planned_and_published_with_or_without_javascript(
    open_page: OpenPage, address: str, administrator: Account, lunches: Series, java_script_enabled: bool
) -> None:
    page = open_page(390, 844, java_script_enabled=java_script_enabled)
    if not java_script_enabled:
        without_axe(page)
    with transaction():
        note_theme(lunches.id, "Elpriser", "", "Alva", now())
    sign_in(page, address, administrator)
    page.goto(f"{address}/serier/{lunches.id}/termin")
    first = local(now()).date() + timedelta(days=2)
    page.get_by_label("Från och med").fill(first.isoformat())
    page.get_by_label("Till och med").fill("")
    page.get_by_label("eller antal gånger").fill("4")
    page.get_by_label("Anmälan öppnar så många veckor före").fill("1")
    press(page, "Föreslå datum")
    assert page.get_by_role("heading", name="4 datum").is_visible()
    if java_script_enabled:
        assert fits(page)
        axe(page)
    boxes = page.locator(".term input[type=checkbox]")
    for number in range(4):
        boxes.nth(number).set_checked(number < 2, force=True)
    page.get_by_label("Rubrik").first.fill("Lunch om el")
    page.get_by_label("Tema").first.select_option("Elpriser")
    press(page, "Spara de ikryssade som utkast")
    assert page.get_by_text("2 utkast är sparade.").is_visible()
    assert [event.title for event in drafts(lunches)] == ["Lunch om el", "Fredagslunch"]
    with page.expect_navigation():
        page.get_by_role("link", name="Publicera alla").click()
    assert page.get_by_text("Inga brev skickas.").is_visible()
    press(page, "Publicera de ikryssade")
    assert page.get_by_text("2 evenemang är publicerade.").is_visible()
    assert drafts(lunches) == []


def test_the_speaker_of_the_day_ticks_on_a_phone(
    page: Page, address: str, administrator: Account, furnished: Series, lunch: Event
) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/evenemang/{lunch.id}/ta-upp/talare")
    size = page.locator(".point-text").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 24
    press(page, "Bocka av Företagsamt kommer i juni.")
    assert page.url.endswith("/ta-upp/talare")
    assert page.locator(".is-done").count() == 2


def test_the_list_prints_without_what_surrounds_it(
    wide_page: Page, address: str, administrator: Account, furnished: Series, lunch: Event
) -> None:
    sign_in(wide_page, address, administrator)
    wide_page.goto(f"{address}/evenemang/{lunch.id}/ta-upp/talare")
    wide_page.emulate_media(media="print")
    assert wide_page.get_by_text("Företagsamt kommer i juni.").is_visible()
    for gone in (".side", ".topbar", ".aloud button"):
        assert not wide_page.locator(gone).first.is_visible(), gone
