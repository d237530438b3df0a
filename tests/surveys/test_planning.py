"""A survey is made: from the template, the survey before it, or the usual words; by a press or by the clock; once."""

from __future__ import annotations

import functools

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import EventState, Series
from eventsys.overwriting import ChangedMeanwhile
from eventsys.surveys import actors
from eventsys.surveys import questions as question_verbs
from eventsys.surveys import template_editing as template_verbs
from eventsys.surveys.models import NKI_KINDS, QuestionKind, Survey, SurveyState, SurveyTemplate
from eventsys.surveys.planning import CannotMake, make_survey, surveys_to_make
from eventsys.surveys.queries import survey_of
from tests.events.test_races import at_once
from tests.factories import make_event, make_series
from tests.programme.scenes import make_workshops
from tests.staff_fixtures import see_anew
from tests.surveys import factories
from tests.surveys.asking_scenes import kinds_of, make_template, values, with_survey, with_template
from tests.surveys.factories import DAY, HOUR

pytestmark = pytest.mark.usefixtures("clock")


def made(event_id: int) -> Survey:
    with transaction():
        make_survey(event_id, now())
    see_anew()
    found = survey_of(event_id)
    assert found is not None
    return found


def test_without_anything_to_begin_from_it_has_the_usual_questions_and_is_a_draft(app: Flask) -> None:
    survey = made(make_event().id)
    assert kinds_of(survey) == [*NKI_KINDS, QuestionKind.TEXT, QuestionKind.TEXT]
    assert (survey.state, survey.reminder_days, survey.asks_no_shows) == (SurveyState.DRAFT, [3, 7], True)


def test_from_a_template_it_gets_questions_texts_and_reminders(app: Flask) -> None:
    series = make_series()
    template = make_template(series, intro="Hej", thanks_en="Thanks", reminder_days=[2], asks_no_shows=False)
    with_template(template, question_verbs.add_question, values())
    survey = made(make_event(series=series).id)
    assert kinds_of(survey)[-1] is QuestionKind.SCALE
    assert (survey.intro, survey.thanks_en, survey.reminder_days, survey.asks_no_shows) == ("Hej", "Thanks", [2], False)
    assert survey.state is SurveyState.DRAFT


def test_from_an_automatic_template_it_is_ready(app: Flask) -> None:
    template = make_template(is_automatic=True)
    assert made(make_event(series=series_of(template)).id).state is SurveyState.READY


def series_of(template: SurveyTemplate) -> Series:
    return db.session.get_one(Series, template.series_id)


def test_changing_the_template_changes_no_survey_that_exists(app: Flask) -> None:
    series = make_series()
    template = make_template(series)
    survey = made(make_event(series=series).id)
    with_template(template, question_verbs.add_question, values())
    assert QuestionKind.SCALE not in kinds_of(factories.fresh(survey))


def test_without_a_template_the_last_survey_of_the_series_is_copied_but_not_what_it_asks_of_sessions(
    app: Flask,
) -> None:
    series = make_series()
    event = make_event(series=series, starts_at=now() - 300 * DAY)
    session = make_workshops(event, 9)[0]
    earlier = made(event.id)
    with_survey(earlier, question_verbs.add_question, values("Lunchen?"))
    with_survey(earlier, question_verbs.add_question, values("Passet?", session_id=session.id))
    survey = made(make_event(series=series).id)
    assert [question.text for question in survey.questions][-1] == "Lunchen?"
    assert survey.state is SurveyState.DRAFT
    assert {one.id for one in survey.questions}.isdisjoint({one.id for one in factories.fresh(earlier).questions})


def test_a_cancelled_event_gets_none(app: Flask) -> None:
    event = make_event(state=EventState.CANCELLED)
    with pytest.raises(CannotMake, match="inställt"):
        made(event.id)


def test_many_who_press_at_once_make_one(app: Flask) -> None:
    event_id = make_event().id

    def press() -> int:
        with transaction():
            return make_survey(event_id, now()).id

    assert len(set(at_once(app, *[functools.partial(press)] * 4))) == 1
    assert len(list(db.session.scalars(select(Survey)))) == 1


# --- by the clock -------------------------------------------------------------------------------------------------


def test_events_get_their_survey_by_themselves_when_they_begin(app: Flask, clock: Traveller) -> None:
    series = make_series()
    make_template(series, is_automatic=True)
    event = make_event(series=series, starts_at=now() + HOUR)
    assert surveys_to_make(now()) == []
    clock.shift(HOUR)
    assert surveys_to_make(now()) == [event.id]
    for _ in range(2):
        actors.make_survey_of(event.id)
    assert factories.fresh(made(event.id)).state is SurveyState.READY
    assert surveys_to_make(now()) == []


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.DRAFT])
def test_drafts_and_cancelled_events_get_none_by_themselves(app: Flask, state: EventState) -> None:
    series = make_series()
    make_template(series, is_automatic=True)
    event = make_event(series=series, starts_at=now() - HOUR, state=state)
    assert surveys_to_make(now()) == []
    actors.make_survey_of(event.id)  # rung before it was cancelled
    assert survey_of(event.id) is None


def test_a_template_that_is_made_today_asks_nobody_about_what_was_last_week(app: Flask) -> None:
    series = make_series()
    make_event(series=series, starts_at=now() - 7 * DAY)
    late = make_event(series=series, starts_at=now() - DAY)
    make_template(series, is_automatic=True)
    assert surveys_to_make(now()) == [late.id]


def test_a_template_that_is_not_automatic_makes_nothing(app: Flask) -> None:
    series = make_series()
    make_template(series)
    make_event(series=series, starts_at=now() - HOUR)
    assert surveys_to_make(now()) == []


def test_from_template_to_letter_without_anybody_doing_anything(app: Flask, clock: Traveller) -> None:
    series = make_series()
    make_template(series, is_automatic=True)
    event = factories.make_held_event(2, series=series)
    for event_id in surveys_to_make(now()):
        actors.make_survey_of(event_id)
    factories.let_the_clock_work()
    survey = survey_of(event.id)
    assert survey is not None
    assert (survey.state, len(factories.letters_about(survey, "invitation"))) == (SurveyState.OPEN, 2)


# --- the template -------------------------------------------------------------------------------------------------


def test_a_template_begins_with_the_usual_questions_and_does_nothing_by_itself(app: Flask) -> None:
    template = make_template()
    assert kinds_of(template)[:3] == list(NKI_KINDS)
    assert not template.is_automatic
    again = make_template(series_of(template))  # pressed twice
    assert len(again.questions) == 5


def test_a_template_is_edited_and_the_second_editor_told(app: Flask) -> None:
    template = make_template()
    seen = template_verbs.mark_of_template(template)
    wanted = {name: getattr(template, name) for name in template_verbs.EDITED} | {"is_automatic": True, "intro": "Hej"}
    with_template(template, template_verbs.edit_template, wanted, seen)
    assert make_template(series_of(template)).is_automatic
    with pytest.raises(ChangedMeanwhile):
        with_template(template, template_verbs.edit_template, {**wanted, "intro": "Annat"}, seen)


def test_a_template_without_questions_opens_nothing(app: Flask) -> None:
    template = make_template(questions=[])
    wanted = {name: getattr(template, name) for name in template_verbs.EDITED} | {"is_automatic": True}
    with pytest.raises(template_verbs.NothingToAsk, match="Lägg till en fråga"):
        with_template(template, template_verbs.edit_template, wanted, template_verbs.mark_of_template(template))
