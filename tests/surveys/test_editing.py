"""A survey's texts, times, readiness and open way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from time_machine import Traveller

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.overwriting import ChangedMeanwhile
from eventsys.surveys import editing as verbs
from eventsys.surveys.freezing import Fixed
from eventsys.surveys.models import Survey, SurveyState
from eventsys.surveys.queries import locked_survey
from tests.factories import in_days, make_event
from tests.surveys.asking_scenes import with_survey
from tests.surveys.factories import DAY, HOUR, fresh, make_open_survey, make_survey
from tests.surveys.test_questions import answer

pytestmark = pytest.mark.usefixtures("clock")
TEXTS = {"intro": "Hej", "intro_en": "Hello", "thanks": "Tack", "thanks_en": ""}


@pytest.fixture
def survey(app: Flask, clock: Traveller) -> Survey:
    return make_survey(make_event(), state=SurveyState.DRAFT)


def times(survey: Survey, **given: Any) -> dict[str, Any]:
    return {**{name: getattr(survey, name) for name in verbs.TIMES}, **given}


def edit_times(survey: Survey, **given: Any) -> None:
    with_survey(survey, verbs.edit_times, times(survey, **given), verbs.mark_of_times(survey))


# --- texts --------------------------------------------------------------------------------------------------------


def test_texts_are_kept_in_both_languages(survey: Survey) -> None:
    with_survey(survey, verbs.edit_texts, TEXTS, verbs.mark_of_texts(survey))
    assert (survey.intro_en, survey.thanks, survey.version) == ("Hello", "Tack", 2)


def test_who_comes_second_to_the_texts_is_told(survey: Survey) -> None:
    seen = verbs.mark_of_texts(survey)
    with_survey(survey, verbs.edit_texts, TEXTS, seen)
    with_survey(survey, verbs.edit_texts, TEXTS, seen)  # the same again is no conflict
    with pytest.raises(ChangedMeanwhile):
        with_survey(survey, verbs.edit_texts, {**TEXTS, "intro": "Annat"}, seen)


def test_after_the_first_answer_texts_stand_fast(app: Flask) -> None:
    survey = make_open_survey(2)
    answer(survey)
    with pytest.raises(Fixed, match="står fast"):
        with_survey(survey, verbs.edit_texts, TEXTS, verbs.mark_of_texts(fresh(survey)))


# --- times --------------------------------------------------------------------------------------------------------


def test_times_can_be_changed_while_answers_come(app: Flask) -> None:
    survey = make_open_survey(2)
    answer(survey)
    edit_times(fresh(survey), closes_at=now() + 20 * DAY, reminder_days=[5])
    assert (fresh(survey).reminder_days, survey.closes_at) == ([5], now() + 20 * DAY)


def test_once_open_it_does_not_open_again_and_after_an_answer_no_shows_stay_as_they_were(app: Flask) -> None:
    survey = make_open_survey(2)
    answer(survey)
    edit_times(fresh(survey), opens_at=now() + DAY, asks_no_shows=False)
    assert (fresh(survey).opens_at, survey.asks_no_shows) == (None, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"opens_at": timedelta(days=-1)}, "tidigast när evenemanget är slut"),
        ({"opens_at": timedelta(days=5), "closes_at": timedelta(days=4)}, "senare tid att stänga"),
        ({"closes_at": timedelta(days=6), "reminder_days": [7]}, "dag 7 kommer för sent"),
        ({"reminder_days": [1, 2, 3, 4]}, "högst 3 gånger"),
    ],
)
def test_impossible_times_are_refused_and_nothing_is_kept(survey: Survey, given: dict[str, Any], said: str) -> None:
    ends_at, before = survey.event.ends_at, times(survey)
    wanted = {name: ends_at + value if isinstance(value, timedelta) else value for name, value in given.items()}
    with pytest.raises(verbs.WrongTimes, match=said):
        edit_times(survey, **wanted)
    assert times(fresh(survey)) == before


def test_an_open_survey_is_not_closed_by_a_time_that_has_passed(app: Flask) -> None:
    survey = make_open_survey(1)
    with pytest.raises(verbs.WrongTimes, match="tryck Stäng nu"):
        edit_times(survey, closes_at=now() - HOUR)


def test_a_closed_survey_has_no_times_to_change(survey: Survey) -> None:
    set_state(survey, SurveyState.CLOSED)
    with pytest.raises(verbs.WrongTimes, match="har stängt"):
        edit_times(survey, reminder_days=[])


def test_who_comes_second_to_the_times_is_told(survey: Survey) -> None:
    seen, wanted = verbs.mark_of_times(survey), times(survey, reminder_days=[2])
    edit_times(survey, reminder_days=[4])
    with pytest.raises(ChangedMeanwhile):
        with_survey(survey, verbs.edit_times, wanted, seen)


def set_state(survey: Survey, state: SurveyState, **given: Any) -> None:
    with transaction():
        row = locked_survey(survey.id)
        row.state = state
        for name, value in given.items():
            setattr(row, name, value)
    fresh(survey)


# --- ready or not -------------------------------------------------------------------------------------------------


def test_a_draft_is_made_ready_and_taken_back(survey: Survey) -> None:
    with_survey(survey, verbs.make_ready)
    assert fresh(survey).state is SurveyState.READY
    with_survey(survey, verbs.make_ready)  # pressed twice
    with_survey(survey, verbs.take_back)
    assert fresh(survey).state is SurveyState.DRAFT


def test_without_a_question_to_who_came_nothing_is_ready(survey: Survey) -> None:
    with transaction():
        locked_survey(survey.id).questions = []
    with pytest.raises(verbs.NotReady, match="inga frågor"):
        with_survey(fresh(survey), verbs.make_ready)


def test_what_should_have_closed_already_is_not_ready(app: Flask) -> None:
    survey = make_survey(make_event(starts_at=in_days(-60)), state=SurveyState.DRAFT)
    with pytest.raises(verbs.NotReady, match="Ändra tiderna först"):
        with_survey(survey, verbs.make_ready)


def test_what_has_opened_is_neither_ready_nor_a_draft(app: Flask) -> None:
    survey = make_open_survey(1)
    for verb in (verbs.make_ready, verbs.take_back):
        with pytest.raises(verbs.NotReady, match="redan öppnat"):
            with_survey(survey, verb)


def test_what_the_open_way_has_answered_is_no_draft_again(survey: Survey) -> None:
    set_state(survey, SurveyState.READY, frozen_at=now().date())
    with pytest.raises(verbs.NotReady, match="öppna länken"):
        with_survey(survey, verbs.take_back)


# --- the open way -------------------------------------------------------------------------------------------------


def test_the_code_is_made_once_and_leads_nowhere_when_it_is_taken_away(survey: Survey) -> None:
    code = with_survey(survey, verbs.open_way)
    assert with_survey(survey, verbs.open_way) == code
    assert len(code) == 6
    with_survey(survey, verbs.close_open_way)
    assert fresh(survey).open_code is None
    assert with_survey(survey, verbs.open_way) != code


def test_a_closed_survey_gets_no_code(survey: Survey) -> None:
    set_state(survey, SurveyState.CLOSED)
    with pytest.raises(verbs.NotReady, match="har stängt"):
        with_survey(survey, verbs.open_way)
