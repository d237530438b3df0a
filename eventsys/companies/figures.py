"""Figures of the register: the year's visits, and the associations that were informed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import contains_eager

from eventsys.clock import local, now
from eventsys.companies.models import Company, CompanyKind, Visit, VisitForm
from eventsys.database import db

COUNTED = (VisitForm.ON_SITE, VisitForm.DIGITAL)
"""The forms that are visits; information in another way is none."""


@dataclass(frozen=True)
class Visits:
    """How many visits a year had, by form, and by month of those that count."""

    on_site: int
    digital: int
    information: int
    by_month: tuple[int, ...]
    """Twelve numbers, January first: visits on site and digital ones."""

    @property
    def counted(self) -> int:
        """On site and digital: what the goal of the year is held against."""
        return self.on_site + self.digital


def in_year(year: int) -> ColumnElement[bool]:
    """A condition on Visit: the day of the visit is in this calendar year."""
    return _between(date(year, 1, 1), date(year, 12, 31))


def _between(first: date, last: date) -> ColumnElement[bool]:
    return and_(Visit.visited_on >= first, Visit.visited_on <= last)


def visits_between(first: date, last: date) -> Sequence[Visit]:
    """The visits that count, on site and digital, from `first` to `last`, with their companies, oldest first.

    The same visits that `visits_in` counts for a year. One query.
    """
    query = (
        select(Visit)
        .join(Visit.company)
        .options(contains_eager(Visit.company))
        .where(_between(first, last), Visit.form.in_(COUNTED))
    )
    return db.session.scalars(query.order_by(Visit.visited_on, Visit.id)).all()


def first_visit_on() -> date | None:
    """The day of the earliest visit written down; None when there is none."""
    return db.session.scalar(select(func.min(Visit.visited_on)))


def visits_in(year: int) -> Visits:
    """Visits by the day they took place, those to companies archived since included. One query.

    Several visits to one company count each; a visit by several colleagues is one. Definition: the office's plan, 150
    company visits a year, on site or digital.
    """
    query = select(Visit.form, Visit.visited_on, func.count()).where(in_year(year))
    forms: Counter[VisitForm] = Counter()
    months: Counter[int] = Counter()
    for form, day, number in db.session.execute(query.group_by(Visit.form, Visit.visited_on)):
        forms[form] += number
        months[day.month] += number if form in COUNTED else 0
    by_month = tuple(months[month] for month in range(1, 13))
    return Visits(forms[VisitForm.ON_SITE], forms[VisitForm.DIGITAL], forms[VisitForm.INFORMATION], by_month)


def companies_visited(year: int) -> int:
    """How many companies had at least one visit, on site or digital, in the year."""
    query = select(func.count(Visit.company_id.distinct())).where(in_year(year), Visit.form.in_(COUNTED))
    return db.session.scalar(query) or 0


def informed_associations(year: int) -> frozenset[int]:
    """Ids of the associations that we met or informed in the year: a visit of any form, information included.

    Definition: the plan asks that every association of business owners is informed at least once a year.
    """
    query = (
        select(Visit.company_id)
        .join(Company, Company.id == Visit.company_id)
        .where(in_year(year), Company.kind == CompanyKind.ASSOCIATION)
    )
    return frozenset(db.session.scalars(query.distinct()))


def first_year() -> int:
    """The year of the earliest visit written down; this year when there is none."""
    earliest = first_visit_on()
    this_year = local(now()).year
    return min(earliest.year, this_year) if earliest else this_year
