"""All surveys at once: a line an event, and the sums by series and by tertial."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from eventsys import audit
from eventsys.clock import local
from eventsys.database import db
from eventsys.events.models import Event, Series
from eventsys.names import collated
from eventsys.sheets import Cell, FileKind, sheet
from eventsys.surveys.models import Survey, SurveyState
from eventsys.surveys.results.hiding import Rules, rules_now
from eventsys.surveys.results.pooling import EventResult, Pooled, begun_between, event_results, together
from eventsys.surveys.words import STATES

EXPORTED = "survey.overview_exported"
COLUMNS = ("Evenemang", "Serie", "Datum", "Läge", "Svar", "Inbjudna", "Svarsfrekvens", "NKI", "Felmarginal", "Räknade")

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Overview:
    """Newest event first. `coming` are surveys that have not opened, soonest first."""

    results: Sequence[EventResult]
    coming: Sequence[Survey]
    all: Pooled
    by_series: Sequence[tuple[Series, Pooled]]
    by_tertial: Sequence[tuple[tuple[int, int], Pooled]]


def overview(within: ColumnElement[bool], series_id: int | None = None, year: int | None = None) -> Overview:
    """The surveys of the events within reach, of one series, of a year. A fixed number of queries."""
    conditions = [within]
    if series_id is not None:
        conditions.append(Event.series_id == series_id)
    if year is not None:
        conditions.extend(begun_between(date(year, 1, 1), date(year, 12, 31)))
    rules = rules_now()
    results = event_results(rules, *conditions)[::-1]
    by_series = _sums(results, lambda one: one.event.series, rules)
    return Overview(
        results,
        _coming(conditions),
        together(results, rules),
        sorted(by_series, key=lambda sum_: collated(sum_[0].name)),
        sorted(_sums(results, lambda one: one.tertial, rules), key=lambda sum_: sum_[0], reverse=True),
    )


def _sums(
    results: Iterable[EventResult], of: Callable[[EventResult], Key], rules: Rules
) -> list[tuple[Key, Pooled]]:  # fmt: skip
    """The sum of those that have closed, by what `of` tells."""
    groups: dict[Key, list[EventResult]] = defaultdict(list)
    for one in results:
        if one.nki is not None:
            groups[of(one)].append(one)
    return [(key, together(group, rules)) for key, group in groups.items()]


def _coming(conditions: Sequence[ColumnElement[bool]]) -> Sequence[Survey]:
    query = (
        select(Survey)
        .join(Survey.event)
        .options(contains_eager(Survey.event))
        .where(Survey.state.in_((SurveyState.DRAFT, SurveyState.READY)), *conditions)
        .order_by(Event.starts_at, Event.id)
    )
    return db.session.scalars(query).all()


def years_with_surveys() -> list[int]:
    """Every year from the first event with a survey to the last, newest first; empty without surveys."""
    first, last = db.session.execute(
        select(func.min(Event.starts_at), func.max(Event.starts_at)).join(Survey, Survey.event_id == Event.id)
    ).one()
    return [] if first is None else list(range(local(last).year, local(first).year - 1, -1))


def overview_file(results: Sequence[EventResult], kind: FileKind) -> bytes:
    """A line an event, as the page shows it."""
    return sheet(kind, COLUMNS, map(_row, results), "Enkäter")


def note_overview_export(rows: int, kind: str) -> None:
    """Note in the audit trail that the list was taken out. Does not flush."""
    audit.record(EXPORTED, "survey:", rows=rows, file=kind)


def _row(one: EventResult) -> Sequence[Cell]:
    shown = one.nki if one.is_shown else None
    margin = None if shown is None or shown.margin is None else f"{shown.margin:.1f}".replace(".", ",")
    return (
        one.event.title, one.event.series.name, local(one.event.starts_at).date(), STATES[one.survey.state][1],
        one.answers, one.invited, None if one.rate is None else f"{one.rate} %", one.nki.shown if one.nki else "",
        margin, shown.n if shown else None,
    )  # fmt: skip
