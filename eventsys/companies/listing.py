"""The list of companies, read page by page: search, filters and order are the database's work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, nulls_last, select
from sqlalchemy.orm import selectinload

from eventsys.companies.figures import COUNTED
from eventsys.companies.models import Company, CompanyKind, CompanySni, CompanyTag, Contact, Origin, Visit
from eventsys.companies.queries import company_says, in_use
from eventsys.database import db
from eventsys.folding import holds_all_words
from eventsys.paging import Paged

PAGE = 50
_PART = 500  # companies read at a time for a file


class Order(StrEnum):
    NAME = "namn"
    NEWEST = "nyast"
    """Registered with Bolagsverket most lately first; those without a day last."""
    VISITED = "besok"
    """Visited most lately first; those never visited last."""


class Show(StrEnum):
    IN_USE = ""
    WITHOUT_EMAIL = "utan-epost"
    """In use, and no contact has an address."""
    ARCHIVED = "arkiverade"
    """Put away, but not merged into another."""


@dataclass(frozen=True)
class Wanted:
    """The filter and the order, as the list's address holds them; what is empty does not narrow it."""

    text: str = ""
    kind: CompanyKind | None = None
    tag: int | None = None
    place: str = ""
    """A place, or how postcodes begin."""
    sni: str = ""
    """How SNI codes begin, digits only."""
    origin: Origin | None = None
    least: int | None = None
    most: int | None = None
    """Employees, both included; a company whose number is unknown is in no interval."""
    show: Show = Show.IN_USE
    order: Order = Order.NAME

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list, by the names in the address."""
        given = {
            "sok": self.text, "typ": self.kind, "etikett": self.tag, "plats": self.place, "sni": self.sni,
            "kalla": self.origin, "minst": self.least, "mest": self.most, "visa": self.show,
        }  # fmt: skip
        return {name: str(value) for name, value in given.items() if value not in ("", None)}

    @property
    def args(self) -> dict[str, str]:
        """The filters, and the order where it is not the ordinary one."""
        return self.filters | ({} if self.order is Order.NAME else {"ordning": str(self.order)})


@dataclass(frozen=True)
class CompanyPage(Paged):
    """One page of the list; `number` counts from 1. `visited` has the latest visit of those on the page, by id."""

    size: ClassVar[int] = PAGE

    companies: Sequence[Company]
    visited: dict[int, date]
    number: int
    total: int


def company_page(wanted: Wanted, number: int = 1) -> CompanyPage:
    """A page that is beyond the last is the last one. Four queries; each company has its tags at hand."""
    total = how_many(wanted)
    number = max(1, min(number, -(-total // PAGE)))
    query = _ordered(select(Company).where(*conditions(wanted)), wanted.order).options(selectinload(Company.tags))
    companies = db.session.scalars(query.limit(PAGE).offset((number - 1) * PAGE)).all()
    return CompanyPage(companies, latest_visits([company.id for company in companies]), number, total)


def how_many(wanted: Wanted) -> int:
    return db.session.scalar(select(func.count(Company.id)).where(*conditions(wanted))) or 0


def all_companies(wanted: Wanted) -> Iterator[Company]:
    """Everything that the filter shows, in its order, with tags, codes and contacts at hand; read in parts."""
    query = _ordered(select(Company).where(*conditions(wanted)), wanted.order)
    at_hand = (selectinload(Company.tags), selectinload(Company.codes), selectinload(Company.contacts))
    yield from db.session.scalars(query.options(*at_hand).execution_options(yield_per=_PART))


def companies_by_ids(company_ids: Sequence[int]) -> Sequence[Company]:
    """Those of them that are in use, in Swedish order."""
    query = select(Company).where(Company.id.in_(company_ids), in_use()).order_by(Company.sort_key, Company.id)
    return db.session.scalars(query).all()


def latest_visits(company_ids: Sequence[int] | None = None) -> dict[int, date]:
    """The day of the latest visit, on site or digital, of these companies, or of all; by company."""
    query = select(Visit.company_id, func.max(Visit.visited_on)).where(Visit.form.in_(COUNTED))
    if company_ids is not None:
        query = query.where(Visit.company_id.in_(company_ids))
    return dict(db.session.execute(query.group_by(Visit.company_id)).all())


def is_empty() -> bool:
    """Whether there is no company at all, archived ones included."""
    return db.session.scalar(select(Company.id).limit(1)) is None


# --- conditions ---------------------------------------------------------------------------------------------------


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What Company must fulfil to be in the list. Archived companies are a list of their own, without the merged."""
    away = and_(Company.archived_at.is_not(None), Company.merged_into_id.is_(None))
    found: list[ColumnElement[bool]] = [away if wanted.show is Show.ARCHIVED else in_use()]
    return [*found, *_that_say(wanted), *_of_what_kind(wanted), *_of_what_size(wanted), *_with_rows(wanted)]


def _that_say(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.text:
        yield company_says(wanted.text)
    if wanted.place:
        yield _is_at(wanted.place)


def _is_at(place: str) -> ColumnElement[bool]:
    digits = "".join(place.split())
    if digits.isdigit():
        return Company.postcode.startswith(digits, autoescape=True)
    return holds_all_words(place, Company.place)


def _of_what_kind(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.kind is not None:
        yield Company.kind == wanted.kind
    if wanted.origin is not None:
        yield Company.origin == wanted.origin


def _of_what_size(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.least is not None:
        yield Company.employees >= wanted.least
    if wanted.most is not None:
        yield Company.employees <= wanted.most


def _with_rows(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.tag is not None:
        yield exists().where(CompanyTag.company_id == Company.id, CompanyTag.tag_id == wanted.tag)
    if wanted.sni:
        code = CompanySni.code.startswith(wanted.sni, autoescape=True)
        yield exists().where(CompanySni.company_id == Company.id, code)
    if wanted.show is Show.WITHOUT_EMAIL:
        yield ~exists().where(Contact.company_id == Company.id, Contact.email_key.is_not(None))


def _ordered(query: Select[Any], order: Order) -> Select[Any]:
    if order is Order.NEWEST:
        query = query.order_by(nulls_last(Company.registered_on.desc()))
    if order is Order.VISITED:
        latest = (
            select(Visit.company_id, func.max(Visit.visited_on).label("day"))
            .where(Visit.form.in_(COUNTED))
            .group_by(Visit.company_id)
            .subquery()
        )
        query = query.join(latest, latest.c.company_id == Company.id, isouter=True)
        query = query.order_by(nulls_last(latest.c.day.desc()))
    return query.order_by(Company.sort_key, Company.id)
