"""Where few answered between two reminders, their days say no longer when."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.surveys.days import coarser_days
from tests.surveys.factories import DAY, filled_in, invitations, let_the_clock_work, make_open_survey, responses

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
