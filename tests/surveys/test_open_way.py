"""The code on the last slide: anybody may answer, once from each browser, counted apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.models import EventState
from eventsys.surveys.models import QuestionKind, Survey, SurveyState, Way
from eventsys.surveys.queries import locked_survey
from tests.factories import make_event
from tests.programme.scenes import make_session, make_slot, make_workshops
from tests.public.reading import Read
from tests.staff_fixtures import Visitor, visitor
from tests.surveys.factories import (
    DAY,
    HOUR,
    filled_in,
    fresh,
    invitations,
    make_open_survey,
    make_question,
    make_survey,
    responses,
)

pytestmark = pytest.mark.usefixtures("clock")

LINK = "/enkat/oppen/abc123"


@pytest.fixture
def survey(app: Flask) -> Survey:
    return make_open_survey(2, open_code="abc123")


def sent(survey: Survey, web: Visitor, **more: str) -> dict[str, str]:
    """The form as this browser has it, filled in."""
    once = Read(web.get(LINK)).typed.get("once", "")
    return {**filled_in(survey, 6), "once": once, **more}


def test_an_open_answer_is_counted_apart_and_marks_nobody(survey: Survey, web: Visitor) -> None:
    assert web.post(LINK, data=sent(survey, web)).status_code == 303
    assert [(one.way, one.satisfied) for one in responses(survey)] == [(Way.OPEN, 6)]
    assert not any(one.has_answered for one in invitations(survey))


def test_one_browser_answers_once_and_another_may_too(survey: Survey, web: Visitor, app: Flask) -> None:
    web.post(LINK, data=sent(survey, web))
    assert "Tack, svaret är inne" in web.get(LINK).text
    assert web.post(LINK, data={**filled_in(survey, 6), "once": "annat"}).status_code == 409
    other = visitor(app)
    assert other.post(LINK, data=sent(survey, other)).status_code == 303
    assert len(responses(survey)) == 2


def test_a_second_press_from_a_browser_that_keeps_no_cookie_is_the_same_answer(survey: Survey, app: Flask) -> None:
    form = sent(survey, visitor(app))
    codes = [app.test_client(use_cookies=False).post(LINK, data=form).status_code for _ in range(2)]
    assert (codes, len(responses(survey))) == ([303, 409], 1)


def test_the_cookie_says_that_this_survey_was_answered_and_nothing_else(survey: Survey, web: Visitor) -> None:
    assert "Set-Cookie" not in web.get(LINK).headers
    [cookie] = web.post(LINK, data=sent(survey, web)).headers.getlist("Set-Cookie")
    assert cookie.startswith("enkat-abc123=svarat;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "enkat-" in web.get("/personuppgifter").text


def test_it_opens_when_the_event_begins(app: Flask, web: Visitor, clock) -> None:
    event = make_event(starts_at=now() + HOUR)
    survey = make_survey(event, open_code="abc123")
    assert "Enkäten har inte öppnat än" in web.get(LINK).text
    assert web.post(LINK, data=filled_in(survey)).status_code == 200
    assert responses(survey) == []
    clock.shift(HOUR)
    assert web.post(LINK, data=sent(survey, web)).status_code == 303


def test_a_draft_is_not_open_and_what_is_closed_or_cancelled_is_over(survey: Survey, web: Visitor, clock) -> None:
    with transaction():
        locked_survey(survey.id).state = SurveyState.DRAFT
    assert "har inte öppnat än" in web.get(LINK).text
    with transaction():
        locked_survey(survey.id).state = SurveyState.OPEN
    clock.shift(20 * DAY)
    assert web.get(LINK).status_code == 410
    clock.shift(-20 * DAY)
    with transaction():
        locked_survey(survey.id).event.state = EventState.CANCELLED
    assert web.post(LINK, data=filled_in(survey)).status_code == 410
    assert responses(survey) == []


def test_an_unknown_code_is_unknown(app: Flask, web: Visitor) -> None:
    assert web.get("/enkat/oppen/finns-inte").status_code == 404
    assert web.post("/enkat/oppen/finns-inte").status_code == 404


def test_mistakes_are_told_and_what_was_filled_in_is_kept(survey: Survey, web: Visitor) -> None:
    wrong = next(f"q{one.id}" for one in survey.questions if one.kind is QuestionKind.IDEAL)
    form = sent(survey, web, **{wrong: "11"})
    page = Read(web.post(LINK, data=form))
    assert (page.status, page.typed["once"]) == (422, form["once"])
    form["shown"] += ".gammal"
    form[wrong] = "5"
    changed = Read(web.post(LINK, data=form))
    assert (changed.status, changed.typed[wrong]) == (409, "5")
    assert responses(survey) == []


def test_only_sessions_that_were_for_everybody_are_asked_about(app: Flask, web: Visitor) -> None:
    event = make_event(starts_at=now() - HOUR)
    rooms = [make_session(make_slot(event), "Inledning"), *make_workshops(event, 9)]
    more = [make_question(text=f"Om {room.title}?", session_id=room.id) for room in rooms]
    make_survey(event, more, open_code="abc123")
    page = web.get(LINK).text
    assert ("Om Inledning?" in page, "Om A?" in page) == (True, False)


def test_one_address_cannot_send_without_end(survey: Survey, app: Flask) -> None:
    before = app.extensions["eventsys_settings"]
    app.extensions["eventsys_settings"] = replace(before, rate_limit_answers="2 per minute")
    codes = [visitor(app).post(LINK, data={**filled_in(survey), "once": str(n)}).status_code for n in range(3)]
    app.extensions["eventsys_settings"] = before
    assert codes == [303, 303, 429]
    assert len(responses(survey)) == 2


def test_an_answer_before_the_letters_freezes_the_questions_too(app: Flask, web: Visitor) -> None:
    survey = make_survey(make_event(starts_at=now() - HOUR), open_code="abc123")
    web.post(LINK, data=sent(survey, web))
    assert fresh(survey).frozen_at is not None
