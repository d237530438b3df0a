"""The dates that a rule gives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.events.terms.dates import MOST, SHORTEST_TERM, Pattern, Rhythm, dates_of, next_term

FRIDAY = 4


def spoken(pattern: Pattern) -> list[str]:
    return [day.isoformat() for day in dates_of(pattern)]


def test_every_friday_from_a_tuesday_on_up_to_a_friday_that_counts() -> None:
    pattern = Pattern(FRIDAY, Rhythm.WEEKLY, date(2027, 1, 5), date(2027, 1, 29))
    assert spoken(pattern) == ["2027-01-08", "2027-01-15", "2027-01-22", "2027-01-29"]


def test_every_second_friday_begins_with_the_first_one() -> None:
    pattern = Pattern(FRIDAY, Rhythm.FORTNIGHTLY, date(2027, 1, 8), times=3)
    assert spoken(pattern) == ["2027-01-08", "2027-01-22", "2027-02-05"]


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (Rhythm.FIRST, ["2027-02-05", "2027-03-05", "2027-04-02"]),
        (Rhythm.SECOND, ["2027-01-08", "2027-02-12", "2027-03-12", "2027-04-09"]),
        (Rhythm.FOURTH, ["2027-01-22", "2027-02-26", "2027-03-26", "2027-04-23"]),
        (Rhythm.LAST, ["2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"]),
    ],
)
def test_once_a_month_never_before_the_first_day(rhythm: Rhythm, expected: list[str]) -> None:
    assert spoken(Pattern(FRIDAY, rhythm, date(2027, 1, 5), date(2027, 4, 30))) == expected


def test_whichever_end_comes_first_and_never_without_end() -> None:
    first = date(2027, 1, 8)
    assert len(dates_of(Pattern(FRIDAY, Rhythm.WEEKLY, first, date(2027, 2, 5), times=3))) == 3
    assert len(dates_of(Pattern(FRIDAY, Rhythm.WEEKLY, first, date(2027, 1, 15), times=9))) == 2
    assert len(dates_of(Pattern(FRIDAY, Rhythm.WEEKLY, first, date(2040, 1, 1)))) == MOST
    assert dates_of(Pattern(FRIDAY, Rhythm.LAST, first, date(2027, 1, 20))) == []


@settings(max_examples=150, deadline=None)
@given(
    weekday=st.integers(0, 6),
    rhythm=st.sampled_from(Rhythm),
    first=st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    length=st.integers(0, 500),
)
def test_all_dates_are_the_weekday_in_order_within_the_bounds(
    weekday: int, rhythm: Rhythm, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    found = dates_of(Pattern(weekday, rhythm, first, last))
    assert found == sorted(set(found))
    assert all(day.weekday() == weekday and first <= day <= last for day in found)


@settings(max_examples=150, deadline=None)
@given(today=st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_the_term_ahead_is_never_a_stump(today: date) -> None:
    first, last = next_term(today)
    assert first == today + timedelta(days=1)
    assert last - first >= SHORTEST_TERM
    assert (last.month, last.day) in {(6, 15), (12, 15)}
