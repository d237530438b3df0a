"""The pages that make a survey in a real browser: axe, no wider than the window, by keyboard, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page

from eventsys.events.models import Event
from eventsys.staff.models import Account
from eventsys.surveys.models import QuestionKind, SurveyState
from eventsys.surveys.queries import survey_of
from tests.chromium import axe, without_axe
from tests.factories import make_event, make_series
from tests.programme.scenes import make_workshops
from tests.staff_fixtures import see_anew, served
from tests.surveys.asking_scenes import make_template, one_of
from tests.surveys.factories import make_every_kind, make_held_event, make_question, make_survey
from tests.surveys.test_results_in_browser import FITS, LONG, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield at


def furnished() -> list[str]:
    """A series with a template and events with surveys in every state; the addresses of their pages."""
    series = make_series(name="Frukostmöte")
    template = make_template(series, is_automatic=True, intro="Två minuter räcker.")
    event = make_event(series=series, title=LONG)
    sessions = make_workshops(event, 9, 9)
    options = [{"sv": LONG, "en": ""}, {"sv": "Export", "en": "Exports"}]
    more = [
        make_question(QuestionKind.CHOICES, f"Vad av {LONG} vill du höra mer om?", options=options),
        make_question(QuestionKind.SCALE, "Hur var passet?", low="Dåligt", high="Bra", session_id=sessions[0].id),
    ]
    ready = make_survey(event, more, open_code="abc234", intro="Tre frågor.")
    draft = make_survey(make_held_event(3, absent=1), state=SurveyState.DRAFT)
    opened = make_every_kind()
    coming, bare = make_event(series=series), make_series(name="Nätverk")
    of, serie = "/personal/evenemang/{}/enkat".format, "/personal/serier/{}/enkat".format
    own, index = one_of(ready, QuestionKind.CHOICES).id, one_of(ready, QuestionKind.IDEAL).id
    here, home = of(event.id), serie(series.id)
    return [
        of(coming.id), here, of(draft.event_id), of(opened.event_id), f"{here}/fragor/ny", f"{here}/fragor/{own}",
        f"{here}/fragor/{index}", f"{here}/fragor/{index}/ta-bort", f"{here}/texter", f"{here}/tider",
        f"{of(opened.event_id)}/tider", f"{of(draft.event_id)}/oppna", f"{of(opened.event_id)}/stang",
        f"{here}/forhandsvisning", f"{here}/forhandsvisning?som=bred&sprak=en&vem=pass-{sessions[0].id}",
        f"{here}/prov?vem=uteblev", f"{here}/kod", f"{of(draft.event_id)}/kod", f"{here}/kod/bild",
        f"{here}/kod/affisch", home, serie(bare.id), f"{home}/fragor/ny",
        f"{home}/fragor/{one_of(template, QuestionKind.TEXT).id}/ta-bort", "/personal/installningar/enkater",
        f"/personal/serier/{series.id}",
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


def test_a_survey_is_made_and_a_question_added_by_keyboard_alone(
    address: str, administrator: Account, wide_page: Page
) -> None:
    event = make_event()
    sign_in(wide_page, address, administrator)
    wide_page.goto(f"{address}/personal/evenemang/{event.id}/enkat")
    press(wide_page, "button", "Gör en enkät")
    press(wide_page, "link", "Lägg till en fråga")
    wide_page.get_by_label("Fråga", exact=True).focus()
    wide_page.keyboard.type("Hur var maten?")
    wide_page.keyboard.press("Tab")  # the kind: a scale is chosen
    wide_page.keyboard.press("Tab")
    wide_page.keyboard.type("Dålig")
    wide_page.keyboard.press("Tab")
    wide_page.keyboard.type("Utmärkt")
    with wide_page.expect_navigation():
        wide_page.keyboard.press("Enter")
    assert wide_page.get_by_text("Frågan är tillagd.").is_visible()
    assert texts_of(event)[-1] == "Hur var maten?"


def test_on_a_phone_the_state_comes_before_the_questions_and_on_a_wide_screen_beside_them(
    address: str, administrator: Account, page: Page
) -> None:
    survey = make_survey(make_event())
    sign_in(page, address, administrator)
    page.goto(f"{address}/personal/evenemang/{survey.event_id}/enkat")
    state, questions, code = (
        page.get_by_role("region", name="Läge"), page.locator("#fragor"),
        page.get_by_role("complementary", name="Kod och mall"),
    )  # fmt: skip
    assert bottom(state) <= top(questions) < top(code)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert top(state) == top(questions) < bottom(state) <= top(code) < bottom(questions)


def top(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return round(box["y"])


def bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return round(box["y"] + box["height"])


def press(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]
    with page.expect_navigation():
        page.keyboard.press("Enter")


def texts_of(event: Event) -> list[str]:
    see_anew()
    survey = survey_of(event.id)
    return [question.text for question in survey.questions] if survey else []


def test_without_javascript_a_wrong_question_keeps_what_was_written(
    address: str, administrator: Account, open_page: Callable[..., Page]
) -> None:
    page = open_page(java_script_enabled=False)
    without_axe(page)
    survey = make_survey(make_event())
    sign_in(page, address, administrator)
    page.goto(f"{address}/personal/evenemang/{survey.event_id}/enkat/fragor/ny")
    page.get_by_label("Fråga", exact=True).fill("Vad passade dig?")
    page.locator("label", has_text="Flera val").click()
    page.get_by_label("Svarsalternativ", exact=True).fill("Morgon")
    page.get_by_role("button", name="Lägg till").click()
    assert page.get_by_role("link", name="Skriv 2 till 15 alternativ").is_visible()
    assert page.get_by_label("Fråga", exact=True).input_value() == "Vad passade dig?"
    page.get_by_label("Svarsalternativ", exact=True).fill("Morgon\nKväll")
    page.get_by_role("button", name="Lägg till").click()
    assert "Vad passade dig?" in page.locator("#fragor").inner_text()
