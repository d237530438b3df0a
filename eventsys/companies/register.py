"""The register: find the company that somebody wrote, or begin one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys.clock import now
from eventsys.companies.models import Company, Contact, Origin
from eventsys.companies.numbers import shown, without_personal_numbers
from eventsys.companies.queries import HELD, company_to_attach, in_use
from eventsys.database import db

_AT_A_TIME = 500


def company_for(name: str, number: str | None, addresses: Collection[str] = ()) -> Company | None:
    """The company with this number, begun under this name if it is new; without a number the one of these addresses.

    Names are never guessed at, and a name typed differently never changes the register. A personal number in the name
    stays out of it. Flushes, does not commit.
    """
    if number is None:
        return company_with_address(addresses)
    company = company_to_attach(number)
    if company is not None:
        return company
    company = Company(
        name=without_personal_numbers(name) or shown(number),
        number=number,
        origin=Origin.REGISTRATION,
        created_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(company)
    except IntegrityError:  # another transaction began it this very moment
        return company_to_attach(number)
    return company


def company_with_address(addresses: Collection[str]) -> Company | None:
    """The one company in use that has a contact with one of these addresses (`email_key`s).

    None where there is none, and where there are several: an accountant's address tells nothing.
    """
    if not addresses:
        return None
    there = select(Contact.company_id).where(Contact.email_key.in_(list(addresses)))
    query = select(Company).where(in_use(), Company.id.in_(there)).order_by(Company.id).limit(2)
    found = db.session.scalars(query.with_for_update(**HELD)).all()
    return found[0] if len(found) == 1 else None


def known_company(number: str | None, addresses: Collection[str]) -> Company | None:
    """The company with this number, or else the one of these addresses, unless it has another number. None is begun."""
    company = company_to_attach(number) if number else None
    company = company or company_with_address(addresses)
    return company if company is not None and fits(company.number, number) else None


def fits(number: str | None, written: str | None) -> bool:
    """Whether a company with this number can be the one that somebody wrote that number of."""
    return written is None or number is None or number == written


def companies_at(addresses: Collection[str]) -> dict[str, set[int]]:
    """Ids of the companies in use that have each of these addresses (`email_key`s); those of none are missing."""
    found: dict[str, set[int]] = {}
    keys = sorted(set(addresses))
    for first in range(0, len(keys), _AT_A_TIME):
        some = keys[first : first + _AT_A_TIME]
        query = select(Contact.email_key, Contact.company_id).join(Contact.company)
        for address, company_id in db.session.execute(query.where(in_use(), Contact.email_key.in_(some))):
            found.setdefault(address or "", set()).add(company_id)
    return found
