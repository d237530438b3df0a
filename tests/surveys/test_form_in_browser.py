"""The form of a survey in a real browser: what a screen reader is told, at 320 px, by keyboard, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page
from playwright.sync_api import expect as eventually

from eventsys.database import transaction
from eventsys.surveys.models import NKI_KINDS, QuestionKind, Survey, SurveyQuestion
from eventsys.surveys.queries import locked_survey
from tests.chromium import axe, expect, without_axe
from tests.staff_fixtures import served
from tests.staff_walk import FITS
from tests.surveys.factories import answers, invitations, make_every_kind, make_question, question, responses
from tests.surveys.test_results_in_browser import LONG

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

SEND = "Skicka svaret"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield at


def link(address: str, survey: Survey) -> str:
    return f"{address}/enkat/{invitations(survey)[0].token}"


def group(page: Page, one: SurveyQuestion) -> str:
    """The accessibility tree of one question, as a screen reader goes through it."""
    return page.get_by_role("group", name=one.text).aria_snapshot()


def send(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=SEND).click()


def required(text: str) -> SurveyQuestion:
    return make_question(QuestionKind.SCALE, text, low="Dålig", high="Utmärkt", is_required=True)


def test_a_scale_is_read_as_a_group_with_its_ends_and_vet_ej_last(address: str, page: Page) -> None:
    survey = make_every_kind()
    page.goto(link(address, survey))
    for one in [question(survey, kind) for kind in NKI_KINDS]:
        read = group(page, one)
        assert [line for line in read.splitlines() if "radio" in line] == [
            *(f'  - radio "{number}"' for number in range(1, 11)), '  - radio "Vet ej / ingen åsikt"'
        ]  # fmt: skip
        assert read.index(f"1 = {one.low}") < read.index(f"10 = {one.high}") < read.index("radio")
        scale = page.get_by_role("group", name=one.text)
        assert one.low in scale.evaluate("it => document.getElementById(it.getAttribute('aria-describedby')).innerText")
        ten, unsure = (scale.get_by_text(label, exact=True).bounding_box() for label in ("10", "Vet ej / ingen åsikt"))
        assert ten is not None
        assert unsure is not None
        assert unsure["y"] >= ten["y"] + ten["height"], "apart from the numbers, on a line of its own"


def test_errors_come_first_are_counted_and_lead_to_their_questions(address: str, page: Page) -> None:
    survey = make_every_kind()
    expect(page, "422")
    page.goto(link(address, survey))
    send(page)
    summary = page.get_by_role("alert")
    assert page.title().startswith("Fel:")
    eventually(summary).to_be_focused()
    assert summary.get_by_role("heading", name="Det finns 1 fel").is_visible()
    summary.get_by_role("link", name="Svara på minst en").press("Enter")
    first = page.get_by_role("group", name=question(survey, NKI_KINDS[0]).text)
    eventually(first.get_by_label("1", exact=True)).to_be_focused()
    inside = "main .error-summary, main h1, main form"
    assert page.locator(inside).first.get_attribute("role") == "alert", "before anything else of the page"


def test_two_that_must_be_answered_are_two_errors_and_two_links(address: str, page: Page) -> None:
    survey = make_every_kind()
    with_required(survey, "Maten?", "Lokalen?")
    expect(page, "422")
    page.goto(link(address, survey))
    page.get_by_label("Vad tar du med dig").fill("Kvar")
    send(page)
    assert page.get_by_role("heading", name="Det finns 2 fel").is_visible()
    page.get_by_role("link", name="Lokalen?").focus()
    page.keyboard.press("Enter")
    scale = page.get_by_role("group", name="Lokalen?")
    eventually(scale.get_by_label("1", exact=True)).to_be_focused()
    assert "Välj ett tal" in scale.evaluate(
        "it => it.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).innerText).join()"
    )
    assert page.get_by_label("Vad tar du med dig").input_value() == "Kvar"
    axe(page)


def with_required(survey: Survey, *texts: str) -> None:
    """Ask these too, meanwhile."""
    with transaction():
        locked_survey(survey.id).questions.extend(required(text) for text in texts)


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_lies_beside_the_window_at_320_pixels(
    address: str, open_page: Callable[..., Page], scripts: bool
) -> None:
    survey = make_every_kind(title=LONG, open_code="abc234")
    with_required(survey, LONG)
    page = open_page(320, 640, java_script_enabled=scripts)
    without_axe(page)
    expect(page, "422")
    for path in (link(address, survey), f"{address}/enkat/oppen/abc234", f"{address}/en/enkat/oppen/abc234"):
        page.goto(path)
        assert fits(page), path
        send_in_any_language(page)
        assert page.locator(".error-summary").is_visible()
        assert fits(page), f"{path} with errors"


def fits(page: Page) -> bool:
    return bool(page.evaluate(FITS))


def send_in_any_language(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()


def test_a_whole_answer_is_handed_in_without_javascript(address: str, open_page: Callable[..., Page]) -> None:
    survey = make_every_kind()
    page = open_page(320, 640, java_script_enabled=False)
    without_axe(page)
    page.goto(link(address, survey))
    for kind, number in zip(NKI_KINDS, ("9", "8", "10"), strict=True):
        page.get_by_role("group", name=question(survey, kind).text).get_by_text(number, exact=True).click()
    page.get_by_role("group", name="Vad tyckte du om maten?").get_by_text("Vet ej / ingen åsikt").click()
    page.get_by_role("group", name="Hur lång borde lunchen vara?").get_by_text("Längre").click()
    for wanted in ("Kortare", "Längre"):
        page.get_by_role("group", name="Vad passade dig?").get_by_text(wanted).click()
    page.get_by_label("Vad tar du med dig").fill("En idé")
    send(page)
    assert page.get_by_role("heading", name="Tack för svaret").is_visible()
    [kept] = responses(survey)
    assert (kept.satisfied, kept.expectations, kept.ideal) == (9, 8, 10)
    assert sorted((one.number, one.text) for one in answers(survey) if one.number is not None) == [(2, ""), (5, "")]
    assert [one.text for one in answers(survey) if one.text] == ["En idé"]


def test_a_whole_answer_is_handed_in_by_keyboard_alone(address: str, page: Page) -> None:
    survey = make_every_kind()
    page.goto(link(address, survey))
    page.get_by_role("group", name=question(survey, NKI_KINDS[0]).text).get_by_label("1", exact=True).focus()
    keys = page.keyboard
    keys.press("Space")
    for steps in (7, 6, 9):  # the arrows go from number to number, Tab to the next question
        for _step in range(steps):
            keys.press("ArrowRight")
        keys.press("Tab")
        if steps != 9:
            keys.press("Space")
    page.get_by_label("Vad tar du med dig").focus()
    keys.type("En idé")
    page.get_by_role("button", name=SEND).focus()
    with page.expect_navigation():
        keys.press("Enter")
    [kept] = responses(survey)
    assert (kept.satisfied, kept.expectations, kept.ideal) == (8, 7, 10)


def test_what_was_filled_in_comes_back_but_no_tick_at_other_words(address: str, page: Page) -> None:
    """The tab keeps what is filled in; when a question has changed meanwhile only what was written comes back."""
    survey = make_every_kind()
    index = page.get_by_role("group", name=question(survey, NKI_KINDS[0]).text)
    page.goto(link(address, survey))
    index.get_by_text("9", exact=True).click()
    page.get_by_label("Vad tar du med dig").fill("En idé")
    page.goto(link(address, survey))
    eventually(index.get_by_label("9", exact=True)).to_be_checked()
    with_required(survey, "Maten?")
    page.goto(link(address, survey))
    assert page.get_by_label("Vad tar du med dig").input_value() == "En idé"
    assert not index.get_by_label("9", exact=True).is_checked()
