"""The days of answers, made coarser where a reminder would say whose they are.

A reminder goes to the silent alone, so its letters tell who had answered before it and who answered after. If only one
person answered between two reminders, the answers of those days would be that person's. So where fewer have answered
between two reminders than a figure needs, their answers are counted to the days beside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, func, select, update

from eventsys.clock import local
from eventsys.database import db
from eventsys.surveys.due import reminder_times
from eventsys.surveys.models import Survey, SurveyResponse, SurveySettings, Way
from eventsys.surveys.traces import shuffle


def blur_days(survey: Survey, settings: SurveySettings) -> None:
    """Move the days of answers that stand too few between two reminders, and take away their traces (traces.py).

    Under the survey's lock. Flushes only.
    """
    sent = reminder_times(survey, settings)[: survey.reminders_sent]
    becomes = coarser_days(_numbers_by_day(survey), [local(moment).date() for moment in sent], settings.least)
    for day, new in becomes.items():
        db.session.execute(update(SurveyResponse).where(*_personal(survey), SurveyResponse.day == day).values(day=new))
    shuffle(survey)


def coarser_days(numbers: Mapping[date, int], reminded: Sequence[date], least: int) -> dict[date, date]:
    """Which days become which: how many answered on each day and on which days reminders went out, both rising.

    >>> coarser_days({date(2027, 3, 1): 9, date(2027, 3, 5): 1}, [date(2027, 3, 4)], 7)
    {datetime.date(2027, 3, 5): datetime.date(2027, 3, 1)}
    """
    becomes = {day: day for day in sorted(numbers)}
    while (few := _first_with_few(numbers, becomes, reminded, least)) is not None:
        days, beside = few
        becomes = {day: beside if new in days else new for day, new in becomes.items()}
    return {day: new for day, new in becomes.items() if new != day}


def _first_with_few(
    numbers: Mapping[date, int], becomes: Mapping[date, date], reminded: Sequence[date], least: int
) -> tuple[list[date], date] | None:
    """The days of the first stretch between reminders with too few answers, and the day beside it."""
    stretches = list(_stretches(sorted(set(becomes.values())), reminded))
    for place, days in enumerate(stretches):
        if len(stretches) > 1 and sum(numbers[day] for day, new in becomes.items() if new in days) < least:
            return days, (stretches[place - 1][-1] if place else stretches[1][0])
    return None


def _stretches(days: Sequence[date], reminded: Sequence[date]) -> Iterator[list[date]]:
    for _number, found in groupby(days, lambda day: bisect_right(reminded, day)):
        yield list(found)


def _numbers_by_day(survey: Survey) -> dict[date, int]:
    query = select(SurveyResponse.day, func.count()).where(*_personal(survey)).group_by(SurveyResponse.day)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _personal(survey: Survey) -> tuple[ColumnElement[bool], ...]:
    """Nobody else is reminded, and what is said of sessions has no day of its own."""
    return SurveyResponse.survey_id == survey.id, SurveyResponse.way == Way.PERSONAL
