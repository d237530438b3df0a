"""Half-years: the companies that were registered in one are invited to a gathering together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from eventsys.newsletters.audience.keys import Audience
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.lists import COMPANIES

HALVES = {1: "första", 2: "andra"}
LEAST = timedelta(days=90)
"""So much of a half-year has gone by before it is the one that a gathering is for."""
OFFERED = 4


@dataclass(frozen=True, order=True)
class HalfYear:
    year: int
    half: int
    """1 or 2."""

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> HalfYear:
        return HalfYear(self.year, 2) if self.half == 1 else HalfYear(self.year + 1, 1)

    @property
    def before(self) -> HalfYear:
        return HalfYear(self.year, 1) if self.half == 2 else HalfYear(self.year - 1, 2)

    @property
    def key(self) -> str:
        """`2026-2`, as it stands in an address."""
        return f"{self.year}-{self.half}"

    @property
    def name(self) -> str:
        """`Nya företag andra halvåret 2026`."""
        return f"Nya företag {HALVES[self.half]} halvåret {self.year}"


def half_year_of(day: date) -> HalfYear:
    """The one that the day lies in."""
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


def half_year_named(key: str) -> HalfYear | None:
    """What `HalfYear.key` wrote; None for anything else."""
    year, _, half = key.partition("-")
    fits = year.isascii() and year.isdigit() and len(year) == 4 and "1900" < year < "9999" and half in ("1", "2")
    return HalfYear(int(year), int(half)) if fits else None


def meant_for(event_day: date, today: date) -> HalfYear:
    """Whose new companies a gathering on that day is for: its own half-year, or the one before.

    Its own when 90 days of it are over by then, and never one that has not begun today.
    """
    own = half_year_of(event_day)
    meant = own if event_day - own.first >= LEAST else own.before
    return min(meant, half_year_of(today))


def offered(meant: HalfYear, today: date) -> list[HalfYear]:
    """Half-years to choose among, newest first: those until today, and the one that is meant."""
    newest = half_year_of(today)
    several = [newest]
    while len(several) < OFFERED or several[-1] > meant:
        several.append(several[-1].before)
    return several


def new_companies(half: HalfYear) -> Audience:
    """Companies registered in the half-year that do business, with whom we reach there."""
    rules = Rules(registered_since=half.first, registered_until=half.last, in_business=True)
    return Audience(half.key, half.name, COMPANIES, rules)
