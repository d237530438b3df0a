"""How long things are kept: categories that slices declare, the rules that administrators set, and what they destroy.

Swedish public records are destroyed only by a decision (gallringsbeslut), so a rule needs its reference before anything
happens by itself. Diet is the exception: it is health data, and goes the day after unless a rule says later.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.clock import from_local, local
from eventsys.database import Base, db, states
from eventsys.errors import NotFound


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"


class Deed(StrEnum):
    DELETED = "deleted"
    """The rows are gone."""
    NAMELESS = "nameless"
    """The rows stay and are counted; who it was is gone."""


@dataclass(frozen=True)
class Interval:
    """So long after the moment that counts; 0 days is until the end of that day."""

    number: int
    unit: Unit

    def before(self, at: datetime) -> datetime:
        """What had its moment before this is due: midnight in Borås, the interval ago."""
        day = local(at).date()
        day = _months_before(day, self.number) if self.unit is Unit.MONTHS else day - timedelta(days=self.number)
        return from_local(datetime.combine(day, time.min))


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Category:
    """One kind of data, and how it is destroyed.

    `due(before)` counts what had its moment before then and is not destroyed yet; `carry_out(before, limit, at)`
    destroys so many of these at most, flushes, and returns how many. Done twice it does nothing more.
    """

    key: str
    name: str
    name_en: str
    since: str
    """From which moment the interval counts: `evenemanget`, as in `12 månader efter evenemanget`."""
    since_en: str
    what: str
    """What is done, and what stays, as administrators read it."""
    deed: Deed
    due: Callable[[datetime], int]
    carry_out: Callable[[datetime, int, datetime], int]
    by_default: Interval | None = None
    """Holds without a decision."""


Rows = Callable[[datetime], Select[Any]]
"""The ids of what had its moment before then and is not destroyed yet."""


def counted(rows: Rows) -> Callable[[datetime], int]:
    """A category's `due` out of its rows."""
    return lambda before: db.session.scalar(select(func.count()).select_from(rows(before).subquery())) or 0


def by_ids(rows: Rows, verb: Callable[[Collection[int]], int]) -> Callable[[datetime, int, datetime], int]:
    """A category's `carry_out` out of its rows and the verb that forgets them by their ids."""
    return lambda before, limit, _at: verb(db.session.scalars(rows(before).limit(limit)).all())


@dataclass(frozen=True)
class Aside:
    """Working copies, which are no records (2 kap. 12 § tryckfrihetsförordningen) and go by themselves."""

    name: str
    after: str


class RetentionRule(Base):
    """What administrators have decided for a category. Without a row its default holds, or nothing is destroyed."""

    __tablename__ = "retention_rule"

    category: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]
    unit: Mapped[Unit] = mapped_column(states(Unit))
    reference: Mapped[str] = mapped_column(String(120), default="")
    """Of the decision, such as `KS 2026-00123 § 45`. Empty: the interval is only a plan, and nothing is destroyed."""
    decided_on: Mapped[date | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(120), default="")

    @property
    def interval(self) -> Interval:
        return Interval(self.number, self.unit)


@dataclass(frozen=True)
class Force:
    """A category and by which interval and decision it is destroyed now; without a reference by its default."""

    category: Category
    interval: Interval
    reference: str = ""
    decided_on: date | None = None


# --- the categories of all slices ---------------------------------------------------------------------------------


def init_retention(app: Flask, categories: Iterable[Category], asides: Iterable[Aside]) -> None:
    """Tell the application what can be destroyed, in the order in which it is."""
    known = {one.key: one for one in categories}
    app.extensions["eventsys_retention"] = known, tuple(asides)


def categories() -> Sequence[Category]:
    """All categories, in the order in which they are destroyed and shown."""
    known: dict[str, Category] = current_app.extensions["eventsys_retention"][0]
    return list(known.values())


def category(key: str) -> Category:
    """The category of this key. Raises NotFound."""
    found: Category | None = current_app.extensions["eventsys_retention"][0].get(key)
    if found is None:
        raise NotFound
    return found


def asides() -> Sequence[Aside]:
    """What goes by itself."""
    found: tuple[Aside, ...] = current_app.extensions["eventsys_retention"][1]
    return found


def rules() -> dict[str, RetentionRule]:
    """The rules there are, by category."""
    return {rule.category: rule for rule in db.session.scalars(select(RetentionRule))}


def in_force() -> list[Force]:
    """What is destroyed by itself, in the order of the categories. One query."""
    known = rules()
    found = (_force(one, known.get(one.key)) for one in categories())
    return [force for force in found if force is not None]


def force_of(key: str) -> Force | None:
    """By which rule a category is destroyed now; None when it is not. Raises NotFound."""
    return _force(category(key), db.session.get(RetentionRule, key))


def _force(one: Category, rule: RetentionRule | None) -> Force | None:
    if rule is not None and rule.reference:
        return Force(one, rule.interval, rule.reference, rule.decided_on)
    return Force(one, one.by_default) if one.by_default else None


# --- in words -----------------------------------------------------------------------------------------------------

_UNITS = {
    "sv": {Unit.DAYS: ("dag", "dagar"), Unit.MONTHS: ("månad", "månader")},
    "en": {Unit.DAYS: ("day", "days"), Unit.MONTHS: ("month", "months")},
}


def interval_words(interval: Interval, one: Category, lang: str = "sv") -> str:
    """`12 månader efter evenemanget`, `dagen efter evenemanget`."""
    since = one.since if lang == "sv" else one.since_en
    if interval == Interval(0, Unit.DAYS):
        return f"dagen efter {since}" if lang == "sv" else f"the day after {since}"
    word = _UNITS[lang][interval.unit][interval.number != 1]
    return f"{interval.number} {word} {'efter' if lang == 'sv' else 'after'} {since}"


def intervals_in_force(lang: str) -> list[tuple[str, str]]:
    """(what, how long) of everything that is destroyed by itself, for the page on personal data."""
    until = "till {}" if lang == "sv" else "until {}"
    return [
        (
            force.category.name if lang == "sv" else force.category.name_en,
            until.format(interval_words(force.interval, force.category, lang)) + ".",
        )
        for force in in_force()
    ]
