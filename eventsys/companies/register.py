"""The register: find the company that somebody wrote, or begin one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys.clock import now
from eventsys.companies.models import Company
from eventsys.database import db


def company_for(name: str, number: str | None) -> Company | None:
    """The company with this number, begun under this name if it is new; None without a number.

    Names are never guessed at, and a name typed differently never changes the register. Flushes, does not commit.
    """
    if number is None:
        return None
    company = company_by_number(number)
    if company is not None:
        return company
    company = Company(name=name, number=number, created_at=now())
    try:
        with db.session.begin_nested():
            db.session.add(company)
    except IntegrityError:  # another transaction began it this very moment
        return company_by_number(number)
    return company


def company_by_number(number: str) -> Company | None:
    return db.session.execute(select(Company).where(Company.number == number)).scalar_one_or_none()
