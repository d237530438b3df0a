"""Companies, contacts and what belongs to them, as rows."""

from __future__ import annotations

import itertools
from typing import Any

from stdnum import luhn

from eventsys.clock import local, now
from eventsys.companies.models import Company, CompanySni, Contact, Note, Tag, Visit
from eventsys.database import db, transaction

_numbers = itertools.count(1)


def number_of(series: int) -> str:
    """An organisation number of the series 553…, with a right check digit, that nobody has."""
    digits = f"553{series:06d}"
    return f"{digits}{luhn.calc_check_digit(digits)}"


def new_number() -> str:
    return number_of(900_000 + next(_numbers))


def make_company(name: str = "Väveriet AB", emails: tuple[str, ...] = (), **given: Any) -> Company:
    """A company, with a contact for each address that has been attached already."""
    with transaction():
        company = Company(**{"name": name, "number": None, "created_at": now(), **given})
        db.session.add(company)
        db.session.flush()
        for email in emails:
            db.session.add(contact_of(company.id, email, attached_at=now()))
    return company


def contact_of(company_id: int, email: str, **given: Any) -> Contact:
    return Contact(**{"company_id": company_id, "email": email, "email_key": email, "created_at": now(), **given})


def keep(*rows: Any) -> None:
    with transaction():
        db.session.add_all(rows)


def note_of(company_id: int, text: str = "Vill växa.") -> Note:
    return Note(company_id=company_id, text=text, author="Alva", created_at=now())


def visit_of(company_id: int, **given: Any) -> Visit:
    values = {"company_id": company_id, "visited_on": local(now()).date(), "who": "Alva", "created_at": now()}
    return Visit(**{**values, **given})


def tag_named(name: str) -> Tag:
    return Tag(name=name, key=name.lower(), created_at=now())


def code_of(company_id: int, code: str, version: str = "2025") -> CompanySni:
    return CompanySni(company_id=company_id, version=version, code=code)


def anew(company: Company) -> Company:
    """The row as it is in the database now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Company, company.id)
