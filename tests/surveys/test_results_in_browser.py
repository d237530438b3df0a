"""The pages of results in a real browser: run through axe, no wider than the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.staff.models import Account
from eventsys.surveys.models import QuestionKind, SurveyState, Way
from eventsys.surveys.results.publishing import show_publicly
from tests.chromium import axe
from tests.factories import in_days, make_event, make_series
from tests.staff_fixtures import PASSWORD, served
from tests.staff_walk import FITS
from tests.surveys.results_scenes import EIGHTS, VECTOR, choice, hand_in, make_past_event, make_survey, question_of

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

LONG = "Hållbarhetsrapporteringsskyldighetsöversyn för små och medelstora företag i Sjuhärad"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield at


def sign_in(page: Page, address: str, account: Account) -> None:
    page.goto(f"{address}/personal/logga-in")
    page.get_by_label("E-post").fill(account.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Logga in").click()


def furnished() -> list[str]:
    """A series of events with results of every kind; the addresses of their pages."""
    series = make_series(name="Frukostmöte")
    for months, answers in ((12, VECTOR), (9, EIGHTS[:3]), (6, [(9, 9, 8)] * 20)):
        make_survey(make_past_event(series=series, starts_at=in_days(-30 * months)), answers, invited=30)
    event = make_past_event(series=series, title="Frukost om AI")
    several = QuestionKind.CHOICES
    survey = make_survey(
        event, own=[choice("Vad vill du höra mer om?", LONG, "Export", "AI", kind=several)], invited=30
    )
    text, what = question_of(survey, QuestionKind.TEXT), question_of(survey, several)
    words = ["Tack till Åsa på asa@ek.example", *[f"{LONG}. Mer sådant, nummer {place}." for place in range(12)]]
    with transaction():
        hand_in(
            survey, [(8, 9, 7), *VECTOR[:2], *[(9, 8, 8)] * 10], own=[{text.id: one, what.id: [0, 2]} for one in words]
        )
        hand_in(survey, [(7, 7, 7)] * 9, Way.OPEN)
        hand_in(survey, [(None, None, None)] * 3, Way.NO_SHOW)
        show_publicly(survey.id, now())
    opened = make_survey(make_past_event(series=series), EIGHTS, state=SurveyState.OPEN)
    small = make_survey(make_past_event(), EIGHTS[:6])
    coming = make_event(series=series)
    make_survey(make_event(series=series, title="Kommande"), state=SurveyState.READY)
    of = "/personal/evenemang/{}/enkat/resultat".format
    return [
        of(event.id), f"{of(event.id)}/texter", of(opened.event_id), f"{of(opened.event_id)}/texter",
        of(small.event_id), of(coming.id), "/personal/enkater", "/personal/enkater?ar=1999",
        f"/personal/evenemang/{event.id}", f"/personal/evenemang/{coming.id}", f"/personal/evenemang/{event.id}/kopia",
        f"/evenemang/{event.slug}/resultat", f"/en/evenemang/{event.slug}/resultat", f"/evenemang/{event.slug}",
    ]  # fmt: skip


def test_every_page_fits_and_passes_axe(address: str, administrator: Account, page: Page) -> None:
    paths = furnished()
    sign_in(page, address, administrator)
    for path in paths:
        page.goto(address + path)
        assert page.evaluate(FITS), path
        axe(page)
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate(FITS), f"{path} at 320 px"
        page.set_viewport_size({"width": 390, "height": 844})


def test_a_text_is_hidden_by_keyboard_alone(address: str, administrator: Account, wide_page: Page) -> None:
    texts = furnished()[1]
    sign_in(wide_page, address, administrator)
    wide_page.goto(address + texts)
    wide_page.locator("summary", has_text="asa@ek.example").focus()
    wide_page.keyboard.press("Enter")
    wide_page.keyboard.press("Tab")
    assert wide_page.evaluate("document.activeElement.name") == "varfor"
    wide_page.keyboard.press("Tab")
    with wide_page.expect_navigation():
        wide_page.keyboard.press("Enter")
    assert wide_page.get_by_text("Texten är dold.").is_visible()
    assert wide_page.get_by_text("Dold: nämner en person").is_visible()
