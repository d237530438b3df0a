"""Doors: the figures that the system takes by itself, and what each was counted from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.events.access import series_for, series_open_to
from eventsys.events.models import Series
from eventsys.followup.figures.catalogue import FIGURES, Figure
from eventsys.followup.figures.counted import Counted
from eventsys.followup.figures.sight import Sight
from eventsys.followup.periods import PARTS, Period
from eventsys.followup.staff.doors import READERS, YEAR, doors, period_in, year_page
from eventsys.paging import BIGGEST_ID
from eventsys.staff.guards import signed_in, staff_only

TAB = "show_figures"
PATH = f"/<{YEAR}:year>/nyckeltal"


@dataclass(frozen=True)
class Shown:
    """A figure of the page, as counted."""

    figure: Figure
    counted: Counted


@doors.get(PATH)
@staff_only(*READERS)
def show_figures(year: int) -> ResponseReturnValue:
    """`?period=t1`: every figure of a period, and those that can be told by series."""
    period = period_in(year, request.args.get("period"))
    sight = Sight(period, now())
    by_series = [one for one in FIGURES.values() if one.by_series]
    return year_page(
        "figures", year, TAB, period=period, periods=_periods(year), figures=_shown(FIGURES.values(), sight),
        heads=by_series, series=[(one, _shown(by_series, sight, one.id)) for one in _series_there(sight)],
    )  # fmt: skip


def _shown(figures: Iterable[Figure], sight: Sight, series_id: int | None = None) -> list[Shown]:
    return [Shown(one, one.count(sight, series_id)) for one in figures]


def _periods(year: int) -> list[Period]:
    return [Period(year, part) for part in PARTS]


def _series_there(sight: Sight) -> Sequence[Series]:
    """The series that held something in the period, by name."""
    ids = {one.event.series_id for one in sight.held}
    return [one for one in series_open_to(signed_in(), archived=True) if one.id in ids]


@doors.get(f"{PATH}/<figure>")
@staff_only(*READERS)
def show_figure(year: int, figure: str) -> ResponseReturnValue:
    """`?period=h1&serie=3`: one figure, its definition, and every line that it was counted from."""
    found = FIGURES.get(figure)
    if found is None:
        abort(404)
    period, series = period_in(year, request.args.get("period")), _series_asked(found)
    counted = found.count(Sight(period, now()), series.id if series else None)
    return year_page(
        "figure", year, TAB, figure=found, period=period, periods=_periods(year), series=series, counted=counted,
        choices=series_open_to(signed_in(), archived=True) if found.by_series else [],
    )  # fmt: skip


def _series_asked(figure: Figure) -> Series | None:
    """Answers 404 to what is no series."""
    asked = request.args.get("serie", "")
    if not asked:
        return None
    if not figure.by_series or not (asked.isascii() and asked.isdigit()) or int(asked) > BIGGEST_ID:
        abort(404)
    return series_for(signed_in(), int(asked))
