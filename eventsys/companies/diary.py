"""The year's visits, read page by page, and what is to be followed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from eventsys.companies.figures import in_year
from eventsys.companies.models import Visit, VisitForm
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.folding import holds_all_words
from eventsys.paging import Paged

PAGE = 50


@dataclass(frozen=True)
class WantedVisits:
    """The filter, as the page's address holds it; what is empty does not narrow it."""

    year: int
    form: VisitForm | None = None
    who: str = ""

    @property
    def args(self) -> dict[str, str]:
        given = {"form": self.form or "", "vem": self.who}
        return {"ar": str(self.year), **{name: str(value) for name, value in given.items() if value}}

    @property
    def narrows(self) -> bool:
        return bool(self.form or self.who)


@dataclass(frozen=True)
class VisitPage(Paged):
    """One page of visits, the latest first; `number` counts from 1."""

    size: ClassVar[int] = PAGE

    visits: Sequence[Visit]
    number: int
    total: int


def visit_page(wanted: WantedVisits, number: int = 1) -> VisitPage:
    """A page that is beyond the last is the last one. Two queries; each visit has its company at hand."""
    total = db.session.scalar(_narrowed(select(func.count(Visit.id)), wanted)) or 0
    number = max(1, min(number, -(-total // PAGE)))
    query = _with_company(_narrowed(select(Visit), wanted)).limit(PAGE).offset((number - 1) * PAGE)
    return VisitPage(db.session.scalars(query).all(), number, total)


def all_visits(wanted: WantedVisits) -> Iterator[Visit]:
    """Everything that the filter shows, in the page's order."""
    yield from db.session.scalars(_with_company(_narrowed(select(Visit), wanted)))


def _narrowed(query: Select[Any], wanted: WantedVisits) -> Select[Any]:
    query = query.where(in_year(wanted.year))
    if wanted.form is not None:
        query = query.where(Visit.form == wanted.form)
    if wanted.who:
        query = query.where(holds_all_words(wanted.who, Visit.who))
    return query


def _with_company(query: Select[Any]) -> Select[Any]:
    query = query.join(Visit.company).options(contains_eager(Visit.company))
    return query.order_by(Visit.visited_on.desc(), Visit.id.desc())


@dataclass(frozen=True)
class FollowUps:
    """What is to be followed up, at companies in use: those with a day first, the earliest of them first."""

    visits: Sequence[Visit]
    total: int


MOST_FOLLOW_UPS = 100


def follow_ups() -> FollowUps:
    """The first MOST_FOLLOW_UPS of them and how many there are. Two queries."""
    open_ = (Visit.follow_up != "", Visit.followed_up_at.is_(None), in_use())
    total = db.session.scalar(select(func.count(Visit.id)).join(Visit.company).where(*open_)) or 0
    query = select(Visit).join(Visit.company).options(contains_eager(Visit.company)).where(*open_)
    query = query.order_by(Visit.follow_up_on.is_(None), Visit.follow_up_on, Visit.visited_on, Visit.id)
    return FollowUps(db.session.scalars(query.limit(MOST_FOLLOW_UPS)).all(), total)


def is_overdue(visit: Visit, today: date) -> bool:
    return visit.follow_up_on is not None and visit.follow_up_on < today
