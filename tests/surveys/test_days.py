"""Where few answered between two reminders, their days say no longer when."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from eventsys.database import db
from eventsys.surveys.days import coarser_days
from eventsys.surveys.models import QuestionKind, Survey, Way
from tests.programme.scenes import make_session, make_slot
from tests.staff_fixtures import visitor
from tests.surveys.factories import (
    DAY,
    answers,
    filled_in,
    fresh,
    invitations,
    let_the_clock_work,
    make_held_event,
    make_open_survey,
    make_question,
    make_survey,
    responses,
)

MARCH = [date(2027, 3, day) for day in range(1, 29)]


def after(numbers: dict[date, int], reminded: list[date]) -> Counter[date]:
    becomes, found = coarser_days(numbers, reminded, 7), Counter()
    for day, number in numbers.items():
        found[becomes.get(day, day)] += number
    return found


def test_one_who_answers_between_two_reminders_is_counted_to_the_days_before():
    assert after({MARCH[0]: 9, MARCH[4]: 1, MARCH[8]: 7}, [MARCH[3], MARCH[7]]) == {MARCH[0]: 10, MARCH[8]: 7}


def test_few_before_the_first_reminder_are_counted_to_the_days_after():
    assert after({MARCH[0]: 2, MARCH[4]: 9}, [MARCH[3]]) == {MARCH[4]: 11}


def test_days_stay_exact_where_enough_have_answered_and_where_nobody_was_reminded():
    enough = {MARCH[0]: 5, MARCH[1]: 2, MARCH[4]: 1, MARCH[5]: 6}
    assert after(enough, [MARCH[3]]) == enough
    assert after({MARCH[0]: 1, MARCH[5]: 1}, []) == {MARCH[0]: 1, MARCH[5]: 1}


@given(
    st.dictionaries(st.sampled_from(MARCH), st.integers(1, 9)),
    st.lists(st.sampled_from(MARCH), max_size=3, unique=True).map(sorted),
)
def test_afterwards_enough_answered_between_any_two_reminders_or_all_in_one_stretch(numbers, reminded):
    found = after(numbers, reminded)
    stretches = Counter[int]()
    for day, number in found.items():
        stretches[sum(one <= day for one in reminded)] += number
    assert sum(found.values()) == sum(numbers.values())
    assert len(stretches) <= 1 or min(stretches.values()) >= 7


@pytest.mark.usefixtures("clock")
def test_the_day_of_a_lonely_answer_is_moved_when_the_survey_closes(app, clock, web):
    survey = make_open_survey(9)
    first, *_, last = tokens = [one.token for one in invitations(survey)]
    for token in tokens[:-1]:
        web.post(f"/enkat/{token}", data=filled_in(survey))
    clock.shift(3 * DAY)
    let_the_clock_work()
    clock.shift(DAY)
    web.post(f"/enkat/{last}", data=filled_in(survey))
    assert {one.day for one in responses(survey)} == {date(2027, 3, 8), date(2027, 3, 12)}
    clock.shift(20 * DAY)
    let_the_clock_work()
    assert {one.day for one in responses(survey)} == {date(2027, 3, 8)}
    assert first


# --- what PostgreSQL keeps of each row ----------------------------------------------------------------------------


def answered_by_nine_and_one_after_the_reminder(app, clock) -> Survey:
    """Of ten, nine answer at once, in an order of their own, and the last alone after the reminder; it is over then.

    The number of each is what it says: the first 1, the next 2 and so on.
    """
    survey = make_open_survey(10, [make_question(QuestionKind.TEXT, "Nummer?")])
    about = f"q{survey.questions[-1].id}"
    for number, one in enumerate(invitations(survey), start=1):
        if number == 10:
            clock.shift(3 * DAY)
            let_the_clock_work()
            clock.shift(DAY)
        assert visitor(app).post(f"/enkat/{one.token}", data=filled_in(survey, number, **{about: str(number)}))
    clock.shift(20 * DAY)
    let_the_clock_work()
    assert len(responses(survey)) == 10
    return fresh(survey)


def lying(table: str, what: str) -> list[str]:
    """A column of the rows in the order in which they lie in the file."""
    db.session.rollback()
    return list(db.session.execute(text(f"SELECT {what} FROM {table} ORDER BY ctid")).scalars())


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_the_answers_whose_day_was_moved_cannot_be_told_by_what_wrote_them(app, clock):
    answered_by_nine_and_one_after_the_reminder(app, clock)
    for table in ("survey_response", "survey_answer"):
        assert len(set(lying(table, "xmin::text"))) == 1, table


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_who_alone_answered_after_a_reminder_is_not_the_last_in_the_file(app, clock):
    """They lie by ids that nobody could have foreseen, and that are others than when they were handed in."""
    survey = answered_by_nine_and_one_after_the_reminder(app, clock)
    ids = lying("survey_response", "id")
    assert ids == sorted(ids)
    by_answer = lying("survey_answer", "response_id")
    assert by_answer == sorted(by_answer)
    assert sorted(one.satisfied for one in responses(survey)) == list(range(1, 11))
    said = {one.id: str(one.satisfied) for one in responses(survey)}
    assert {one.response_id: one.text for one in answers(survey)} == said, "each keeps what it says"


@pytest.mark.usefixtures("clock")
def test_what_is_said_of_a_session_has_no_day_of_its_own(app, clock, web):
    """Alone on its day it would find its answer, and with it the sessions that somebody is known to have been in."""
    event = make_held_event(2)
    room = make_session(make_slot(event), "Inledning")
    survey = make_survey(event, [make_question(QuestionKind.SCALE, "Inledningen?", session_id=room.id)])
    let_the_clock_work()
    clock.shift(DAY)
    about = {f"q{fresh(survey).questions[-1].id}": "7"}
    assert web.post(f"/enkat/{invitations(survey)[0].token}", data=filled_in(survey, **about)).status_code == 303
    days = {one.way: one.day for one in responses(survey)}
    assert days == {Way.PERSONAL: date(2027, 3, 9), Way.SESSION: date(2027, 3, 8)}
