"""The database counts what Python counts, way by way, and the view holds what was counted."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.database import db, transaction
from eventsys.events.programme.models import Session as ProgrammeSession
from eventsys.events.programme.models import Slot
from eventsys.surveys.models import QuestionKind, SurveyState, Way
from eventsys.surveys.nki import nki
from eventsys.surveys.results.counting import in_sessions, numbers_of, triples_of
from eventsys.surveys.results.figures import Choice, result_of
from tests.conftest import empty_database
from tests.factories import make_event
from tests.surveys.results_scenes import EIGHTS, VECTOR, choice, hand_in, make_survey, scale

WAYS = [way for way in Way if way is not Way.SESSION]  # what is said of a session is no answer more
NUMBER = st.one_of(st.none(), st.integers(1, 10))
ANSWER = st.tuples(
    st.tuples(NUMBER, NUMBER, NUMBER), st.sampled_from(WAYS), NUMBER, st.lists(st.integers(0, 2), unique=True)
)


@given(st.lists(ANSWER, max_size=40))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_are_those_of_an_independent_count(app: Flask, answers: list) -> None:
    food, topics = scale(), choice("Vad vill du höra mer om?", "AI", "Export", "Juridik", kind=QuestionKind.CHOICES)
    survey = make_survey(own=[food, topics], invited=100)
    with transaction():
        for triple, way, liked, chosen in answers:
            hand_in(survey, [triple], way, own=[{food.id: liked, topics.id: chosen}])
    triples, numbers = triples_of([survey.id]), numbers_of(survey.id, [food, topics])
    view = result_of(survey)
    for way in WAYS:
        mine = [answer for answer in answers if answer[1] is way]
        assert triples.get((survey.id, way), Counter()) == Counter(answer[0] for answer in mine)
        assert numbers.get((food.id, way), Counter()) == Counter(answer[2] for answer in mine)
        sets = Counter(sum(2**place for place in answer[3]) for answer in mine)
        assert numbers.get((topics.id, way), Counter()) == sets
    personal = [answer[0] for answer in answers if answer[1] is Way.PERSONAL]
    assert view.answers == len(personal)
    if personal:
        assert view.nki == nki(personal, invited=100)
    empty_database()


def test_the_vector_of_the_method_comes_out_of_the_database(app: Flask) -> None:
    view = result_of(make_survey(answers=VECTOR, invited=25))
    assert view.nki is not None
    assert (view.nki.n, view.nki.shown, view.answers, view.invited, view.rate) == (7, "68", 10, 25, 40)
    assert view.nki.value == pytest.approx(67.7249, abs=1e-4)
    assert view.nki.margin == pytest.approx(25.9588, abs=1e-4)


def test_vet_ej_and_blanks_stand_beside_the_mean_and_never_in_it(app: Flask) -> None:
    first = result_of(make_survey(answers=VECTOR)).parts[Way.PERSONAL].questions[0]
    assert (first.answered, first.unsure, first.mean) == (9, 1, Fraction(66, 9))
    assert first.mean_shown == 7.3
    assert first.choices[7] == Choice(8, 2)
    assert sum(one.persons for one in first.choices) == 9


def test_open_answers_and_no_shows_are_never_pooled_with_the_personal_ones(app: Flask) -> None:
    survey = make_survey(answers=EIGHTS)
    with transaction():
        hand_in(survey, [(1, 1, 1)] * 9, Way.OPEN)
        hand_in(survey, [(None, None, None)] * 7, Way.NO_SHOW)
    view = result_of(survey)
    assert view.nki is not None
    assert (view.nki.shown, view.nki.n, view.answers) == ("78", 8, 8)
    open_nki = view.parts[Way.OPEN].nki
    assert open_nki is not None
    assert (open_nki.shown, open_nki.n, open_nki.invited) == ("0", 9, None)
    assert view.parts[Way.NO_SHOW].nki is None


def test_more_answers_than_invited_is_no_error(app: Flask) -> None:
    view = result_of(make_survey(answers=EIGHTS, invited=5))
    assert (view.invited, view.rate) == (8, 100)


@pytest.mark.parametrize("state", [SurveyState.DRAFT, SurveyState.READY, SurveyState.OPEN])
def test_while_more_answers_can_come_only_their_number_is_told(app: Flask, state: SurveyState) -> None:
    survey = make_survey(answers=EIGHTS, state=state)
    before = result_of(survey)
    with transaction():
        hand_in(survey, [(1, 1, 1)])
    after = result_of(survey)
    assert (before.parts, after.parts, after.nki) == ({}, {}, None)
    assert (before.answers, after.answers) == (8, 9)


def test_a_survey_without_one_of_the_three_questions_has_no_index(app: Flask) -> None:
    survey = make_survey(answers=[(8, 8, None)] * 8)
    with transaction():
        survey.questions.remove(next(one for one in survey.questions if one.kind is QuestionKind.IDEAL))
    part = result_of(survey).parts[Way.PERSONAL]
    assert part.nki is None
    assert [one.mean for one in part.questions] == [8, 8]


def test_what_is_said_of_a_session_is_told_with_the_personal_answers_and_is_no_answer_more(app: Flask) -> None:
    event = make_event()
    slot = Slot(event_id=event.id, name="Pass 1", starts_at=event.starts_at, ends_at=event.ends_at)
    with transaction():
        db.session.add(slot)
        db.session.flush()
        session = ProgrammeSession(slot_id=slot.id, event_id=event.id, title="Export", room="Sal 1")
        db.session.add(session)
        db.session.flush()
        about = scale()
        about.session_id = session.id
    survey = make_survey(event=event, own=[about], answers=[(8, 8, 8)] * 7, invited=9)
    with transaction():
        for _person in range(7):
            hand_in(survey, [(None, None, None)], Way.SESSION, own=[{about.id: 9}])
    view = result_of(survey)
    assert (view.answers, view.nki.n, set(view.parts)) == (7, 7, {Way.PERSONAL})
    assert in_sessions(survey.questions)[session.id, Way.PERSONAL] == 7
    assert numbers_of(survey.id, [about])[about.id, Way.PERSONAL] == {9: 7}
