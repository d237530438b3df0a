"""Working time: how long somebody in the queue has to answer an offer of a seat."""

from __future__ import annotations

import functools
from datetime import date, datetime, timedelta

import holidays

from eventsys.clock import STOCKHOLM, local

DAY_BEGINS, DAY_ENDS = 8, 18
HOURS_TO_ANSWER = 10  # one working day
SHARE_OF_WHAT_IS_LEFT = 0.5
SHORTEST = timedelta(minutes=30)


def offer_deadline(at: datetime, last: datetime) -> datetime | None:
    """When an offer made at `at` ends, or None when it is too late to offer.

    Ten working hours (Mon-Fri 08-18, Swedish holidays off), but never more than half of the time left until `last`
    (the event's cut-off), so that a seat can pass through several hands near the event. Under half an hour: no offer.
    """
    left = last - at
    if left * SHARE_OF_WHAT_IS_LEFT < SHORTEST:
        return None
    return min(after_working_hours(at, HOURS_TO_ANSWER), at + left * SHARE_OF_WHAT_IS_LEFT)


def after_working_hours(at: datetime, hours: float) -> datetime:
    """The moment when this many working hours have passed since `at`."""
    remaining = timedelta(hours=hours)
    day = local(at).date()
    begin = at
    while True:
        opens, closes = _hour(day, DAY_BEGINS), _hour(day, DAY_ENDS)
        begin = max(begin, opens)
        if is_working_day(day) and begin < closes:
            if begin + remaining <= closes:
                return begin + remaining
            remaining -= closes - begin
        day += timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no Swedish public holiday, Midsummer's, Christmas or New Year's Eve."""
    return day.weekday() < 5 and day not in swedish_holidays()


@functools.cache
def swedish_holidays() -> holidays.HolidayBase:
    """Swedish holidays by date, the de facto ones (Midsummer's Eve, Christmas Eve, New Year's Eve) included.

    The years are filled in beforehand: while one thread fills in a year on demand, others would miss its holidays.
    """
    years = range(2020, 2061)
    kinds = ("public", "de_facto")
    return holidays.country_holidays("SE", years=years, language="sv", include_sundays=False, categories=kinds)


def _hour(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM)
