"""The dates of a term: one weekday, each week, every second, or once a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice, takewhile

MOST = 60
WEEK = timedelta(weeks=1)
TERM_ENDS = ((6, 15), (12, 15))  # a term's lunches are over before midsummer, and before Christmas
SHORTEST_TERM = timedelta(weeks=6)


class Rhythm(StrEnum):
    """How often; the values stand in the form."""

    WEEKLY = "varje"
    FORTNIGHTLY = "varannan"
    FIRST = "forsta"
    SECOND = "andra"
    THIRD = "tredje"
    FOURTH = "fjarde"
    LAST = "sista"


_WEEK_OF_MONTH = {Rhythm.FIRST: 0, Rhythm.SECOND: 1, Rhythm.THIRD: 2, Rhythm.FOURTH: 3, Rhythm.LAST: -1}


@dataclass(frozen=True)
class Pattern:
    """From the first day on: up to a last day, a number of times, or whichever comes first. Monday is 0."""

    weekday: int
    rhythm: Rhythm
    first: date
    last: date | None = None
    times: int | None = None


def dates_of(pattern: Pattern) -> list[date]:
    """The dates, at most MOST of them; a pattern without an end gives MOST."""
    last = pattern.last
    within = takewhile(lambda day: last is None or day <= last, _endless(pattern))
    return list(islice(within, min(pattern.times or MOST, MOST)))


def _endless(pattern: Pattern) -> Iterator[date]:
    if pattern.rhythm in _WEEK_OF_MONTH:
        return _monthly(pattern)
    return _weekly(pattern, 2 if pattern.rhythm is Rhythm.FORTNIGHTLY else 1)


def _weekly(pattern: Pattern, weeks: int) -> Iterator[date]:
    day = pattern.first + timedelta(days=(pattern.weekday - pattern.first.weekday()) % 7)
    while True:
        yield day
        day += weeks * WEEK


def _monthly(pattern: Pattern) -> Iterator[date]:
    month = pattern.first.replace(day=1)
    while True:
        day = _weekdays_of(month, pattern.weekday)[_WEEK_OF_MONTH[pattern.rhythm]]
        if day >= pattern.first:
            yield day
        month = (month + timedelta(days=31)).replace(day=1)


def _weekdays_of(month: date, weekday: int) -> list[date]:
    """Each such weekday of the month that begins on this day."""
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    five = [first + week * WEEK for week in range(5)]
    return [day for day in five if day.month == month.month]


def next_term(today: date) -> tuple[date, date]:
    """From tomorrow to the end of the term; to the end of the next when less than six weeks are left of this one."""
    tomorrow = today + timedelta(days=1)
    ends = (date(year, month, day) for year in (today.year, today.year + 1) for month, day in TERM_ENDS)
    return tomorrow, next(end for end in ends if end - tomorrow >= SHORTEST_TERM)
