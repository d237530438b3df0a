"""Reading companies: by id, those in use, and by what somebody searches for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from eventsys.companies.models import Company, Contact
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.folding import MOST_WORDS, fold


def company_by_id(company_id: int) -> Company:
    """Also one that is archived or merged. Raises NotFound."""
    found = db.session.get(Company, company_id)
    if found is None:
        raise NotFound
    return found


def company_by_number(number: str) -> Company | None:
    """The company with this number; of one that was merged into another, that other."""
    return _standing(db.session.execute(select(Company).where(Company.number == number)).scalar_one_or_none())


def company_to_attach(number: str) -> Company | None:
    """The same, held so that it is not merged away before the caller's rows say that they belong to it."""
    found = db.session.execute(select(Company).where(Company.number == number).with_for_update(**HELD))
    return _standing(found.scalar_one_or_none(), HELD)


HELD: dict[str, Any] = {"read": True, "key_share": True}
"""What a row that refers to a company asks of PostgreSQL anyway, asked in time: merging waits for it."""


def _standing(company: Company | None, held: dict[str, Any] | None = None) -> Company | None:
    while company is not None and company.merged_into_id is not None:
        company = db.session.get(Company, company.merged_into_id, with_for_update=held, populate_existing=bool(held))
    return company


def locked_company(company_id: int) -> Company:
    """The company's row under its lock. Raises NotFound."""
    found = db.session.get(Company, company_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def in_use() -> ColumnElement[bool]:
    """A condition on Company: neither archived nor merged into another."""
    return Company.archived_at.is_(None)


def company_says(query: str) -> ColumnElement[bool]:
    """A condition on Company: its name and number hold all words of the query, whatever the case, dots and rings."""
    return _holds(Company.search_key, query)


def contact_says(query: str) -> ColumnElement[bool]:
    """A condition on Contact: its name and address hold all words of the query."""
    return _holds(Contact.search_key, query)


def _holds(key: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    words: list[Any] = fold(query).split()[:MOST_WORDS]
    return and_(*(key.contains(word, autoescape=True) for word in words))
