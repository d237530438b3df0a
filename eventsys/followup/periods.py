"""Stretches of a year that figures are counted over: the year, its halves, its tertials. Days are Swedish days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eventsys.clock import local

_STRETCHES: dict[str, tuple[tuple[int, int], tuple[int, int], str]] = {
    "ar": ((1, 1), (12, 31), "Hela {year}"),
    "h1": ((1, 1), (6, 30), "Januari–juni {year}"),
    "h2": ((7, 1), (12, 31), "Juli–december {year}"),
    "t1": ((1, 1), (4, 30), "T1 {year}, januari–april"),
    "t2": ((5, 1), (8, 31), "T2 {year}, maj–augusti"),
    "t3": ((9, 1), (12, 31), "T3 {year}, september–december"),
}
PARTS = tuple(_STRETCHES)
"""The words that stand in addresses."""
HALVES = (1, 2)


@dataclass(frozen=True)
class Period:
    """A stretch of a year; `part` is one of PARTS."""

    year: int
    part: str

    @property
    def first(self) -> date:
        return date(self.year, *_STRETCHES[self.part][0])

    @property
    def last(self) -> date:
        return date(self.year, *_STRETCHES[self.part][1])

    @property
    def label(self) -> str:
        """`T1 2026, januari–april`."""
        return _STRETCHES[self.part][2].format(year=self.year)

    @property
    def words(self) -> str:
        """The label as it stands within a sentence."""
        return self.label if self.label.startswith("T") else self.label[0].lower() + self.label[1:]

    def has_begun(self, at: datetime) -> bool:
        return self.first <= local(at).date()

    def share_of_year(self, at: datetime) -> float:
        """How much of the year lies behind when the period has come as far as it has at `at`: 0 to 1.

        A half that is over is half a year, though it has fewer days than the other; one that goes on is counted in
        days.
        """
        today = local(at).date()
        if today >= self.last:
            return {"h1": 1 / 2, "t1": 1 / 3, "t2": 2 / 3}.get(self.part, 1.0)
        begins, after = date(self.year, 1, 1), date(self.year + 1, 1, 1)
        return max(0, (today - begins).days + 1) / (after - begins).days


def report_period(year: int, half: int) -> Period:
    """What the report of a half-year counts: goals are for a year, so it is the year up to the end of the half."""
    return Period(year, "h1" if half == 1 else "ar")


def half_of(at: datetime) -> tuple[int, int]:
    """(year, half) of a moment."""
    today = local(at).date()
    return today.year, 1 if today.month <= 6 else 2


def last_half(at: datetime) -> tuple[int, int]:
    """(year, half) of the half-year that ended latest."""
    year, half = half_of(at)
    return (year, 1) if half == 2 else (year - 1, 2)


def has_ended(year: int, half: int, at: datetime) -> bool:
    return (year, half) < half_of(at)
