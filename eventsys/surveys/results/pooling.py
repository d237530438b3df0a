"""Figures of several events: a series over time, a tertial, a year. Every respondent weighs the same.

An event that is still open, or shows `*`, is in none of them, so that no two sums differ by answers that are hidden.
What each sum was counted from stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager

from eventsys.clock import local, midnights
from eventsys.database import db
from eventsys.events.models import Event
from eventsys.surveys.models import Survey, SurveyState, Way
from eventsys.surveys.nki import NkiResult, half_up, is_within_margin, nki_of_counts, pooled
from eventsys.surveys.results.counting import ByWay, Triples, handed_in, triples_of
from eventsys.surveys.results.figures import invited_to
from eventsys.surveys.results.hiding import Rules, rules_now, shows_figures

TERTIALS = (1, 2, 3)
_MONTHS = 4


@dataclass(frozen=True)
class EventResult:
    """The index of one event, by personal links. `nki` is None while the survey has not closed."""

    survey: Survey
    answers: int
    invited: int
    triples: Triples
    nki: NkiResult | None

    @property
    def event(self) -> Event:
        return self.survey.event

    @property
    def is_shown(self) -> bool:
        return self.nki is not None and not self.nki.is_hidden

    @property
    def rate(self) -> int | None:
        """Per cent, half up."""
        return rate_of(self.answers, self.invited)

    @property
    def tertial(self) -> tuple[int, int]:
        return tertial_of(local(self.event.starts_at).date())


@dataclass(frozen=True)
class Pooled:
    """The index of several events together, and what it was counted from."""

    nki: NkiResult
    events: int
    """Those whose answers are in it."""
    left_out: int
    """Closed with too few answers to be shown; they are in no sum."""
    answers: int
    invited: int

    @property
    def rate(self) -> int | None:
        return rate_of(self.answers, self.invited)


def rate_of(answers: int, invited: int) -> int | None:
    """Per cent of those invited, half up; None when nobody was."""
    return half_up(Fraction(100 * answers, invited)) if invited else None


def event_results(rules: Rules, *conditions: ColumnElement[bool], known: ByWay | None = None) -> list[EventResult]:
    """The surveys of these events that have opened, oldest event first. Three queries, however many there are.

    `known` are triples that have been counted already.
    """
    query = (
        select(Survey)
        .join(Survey.event)
        .options(contains_eager(Survey.event).joinedload(Event.series))
        .where(Survey.state.in_((SurveyState.OPEN, SurveyState.CLOSED)), *conditions)
        .order_by(Event.starts_at, Event.id)
    )
    surveys = db.session.scalars(query).all()
    known = known or {}
    counted_before = {survey_id for survey_id, _ in known}
    closed = [survey.id for survey in surveys if shows_figures(survey) and survey.id not in counted_before]
    came = handed_in([survey.id for survey in surveys if not shows_figures(survey)])
    triples = {**known, **triples_of(closed)}
    return [_result(survey, came, triples.get((survey.id, Way.PERSONAL), Triples()), rules) for survey in surveys]


def _result(survey: Survey, came: Mapping[tuple[int, Way], int], triples: Triples, rules: Rules) -> EventResult:
    answers = sum(triples.values()) if shows_figures(survey) else came.get((survey.id, Way.PERSONAL), 0)
    invited = invited_to(survey, answers)
    index = nki_of_counts(triples, invited, rules.least, rules.bands) if shows_figures(survey) else None
    return EventResult(survey, answers, invited, triples, index)


def together(results: Iterable[EventResult], rules: Rules) -> Pooled:
    """The index of these events together."""
    closed = [one for one in results if one.nki is not None]
    shown = [one for one in closed if one.is_shown]
    invited = sum(one.invited for one in shown)
    index = nki_of_counts(pooled(one.triples for one in shown), invited, rules.least, rules.bands)
    left_out = sum(1 for one in closed if one.triples and not one.is_shown)
    return Pooled(index, len(shown), left_out, sum(one.answers for one in shown), invited)


# --- for the follow-up --------------------------------------------------------------------------------------------


def nki_of_event(event_id: int) -> Pooled:
    """The index of one event."""
    return _pooled(Event.id == event_id)


def nki_of_series(series_id: int, first: date, last: date) -> Pooled:
    """The index of a series' events that began from `first` to `last`, both days included."""
    return _pooled(Event.series_id == series_id, *_between(first, last))


def nki_of_tertial(year: int, tertial: int) -> Pooled:
    """The index of all events of a tertial: 1 is January to April, 2 May to August, 3 September to December."""
    return _pooled(*_between(*days_of_tertial(year, tertial)))


def _pooled(*conditions: ColumnElement[bool]) -> Pooled:
    rules = rules_now()
    return together(event_results(rules, *conditions), rules)


def response_rate(first: date, last: date, series_id: int | None = None) -> tuple[int, int]:
    """(answers by personal links, invited) of all surveys that opened, of events that began in these days.

    Counts tell of nobody, so events with few answers are in it.
    """
    series = () if series_id is None else (Event.series_id == series_id,)
    found = event_results(rules_now(), *_between(first, last), *series)
    return sum(one.answers for one in found), sum(one.invited for one in found)


def days_of_tertial(year: int, tertial: int) -> tuple[date, date]:
    """Its first and last day. ValueError for any other tertial than 1, 2 and 3."""
    if tertial not in TERTIALS:
        raise ValueError(f"a year has tertials 1 to 3, not {tertial}")
    first = date(year, (tertial - 1) * _MONTHS + 1, 1)
    after = date(year + 1, 1, 1) if tertial == TERTIALS[-1] else date(year, tertial * _MONTHS + 1, 1)
    return first, after - timedelta(days=1)


def tertial_of(day: date) -> tuple[int, int]:
    """(year, tertial) of a day."""
    return day.year, (day.month - 1) // _MONTHS + 1


def begun_between(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions on Event: it began in these days by the wall in Borås."""
    return _between(first, last)


def _between(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    begins, after = midnights(first, last)
    return Event.starts_at >= begins, Event.starts_at < after


# --- over time ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trend:
    """A series over time: its events, oldest first, and all of them together."""

    results: Sequence[EventResult]
    pooled: Pooled
    goal: int


@dataclass(frozen=True)
class Change:
    """What has happened since the event before in the series that has an index to show."""

    before: EventResult
    points: int
    """Of the numbers as they are shown."""
    is_within_margin: bool


def trend_of(series_id: int, known: ByWay | None = None) -> Trend:
    """Every event of the series whose survey has closed. `known` are triples that have been counted already."""
    rules = rules_now()
    found = event_results(rules, Event.series_id == series_id, known=known)
    results = [one for one in found if one.nki is not None]
    return Trend(results, together(results, rules), rules.goal)


def change_at(trend: Trend, event_id: int) -> Change | None:
    """The change at this event; None when it, or everything before it, shows no index."""
    shown = [one for one in trend.results if one.is_shown]
    place = next((place for place, one in enumerate(shown) if one.event.id == event_id), 0)
    if not place:
        return None
    before, after = shown[place - 1], shown[place]
    assert before.nki is not None
    assert after.nki is not None
    return Change(before, int(after.nki.shown) - int(before.nki.shown), is_within_margin(before.nki, after.nki))
