"""The register: find the company that somebody wrote, or begin one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys.clock import now
from eventsys.companies.models import Company, Contact, Origin
from eventsys.companies.queries import company_by_number, in_use
from eventsys.database import db


def company_for(name: str, number: str | None, addresses: Collection[str] = ()) -> Company | None:
    """The company with this number, begun under this name if it is new; without a number the one of these addresses.

    Names are never guessed at, and a name typed differently never changes the register. Flushes, does not commit.
    """
    if number is None:
        return company_with_address(addresses)
    company = company_by_number(number)
    if company is not None:
        return company
    company = Company(name=name, number=number, origin=Origin.REGISTRATION, created_at=now())
    try:
        with db.session.begin_nested():
            db.session.add(company)
    except IntegrityError:  # another transaction began it this very moment
        return company_by_number(number)
    return company


def company_with_address(addresses: Collection[str]) -> Company | None:
    """The one company in use that has a contact with one of these addresses (`email_key`s).

    None where there is none, and where there are several: an accountant's address tells nothing.
    """
    if not addresses:
        return None
    there = select(Contact.company_id).where(Contact.email_key.in_(list(addresses)))
    found = db.session.scalars(select(Company).where(in_use(), Company.id.in_(there)).limit(2)).all()
    return found[0] if len(found) == 1 else None
