"""Companies, contacts, tags and visits for the register's tests."""

from __future__ import annotations

import html
import itertools
import re
from datetime import date
from typing import Any

from sqlalchemy import select
from stdnum import luhn
from werkzeug.test import TestResponse

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.companies.models import Company, CompanySni, CompanyTag, Contact, Note, Tag, Visit
from eventsys.companies.tagging import add_tag
from eventsys.database import db, transaction
from eventsys.mail.addresses import comparable

REGISTER = "/personal/foretag"
_numbers = itertools.count(1)


def new_number() -> str:
    """An organisation number that nobody has."""
    digits = f"5535{next(_numbers):05}"
    return f"{digits}{luhn.calc_check_digit(digits)}"


def make_company(name: str = "", addresses: tuple[str, ...] = (), codes: tuple[str, ...] = (), **given: Any) -> int:
    """A company with contacts at these addresses and these SNI codes of 2025; its id."""
    company = Company(name=name or f"Väveriet {next(_numbers)} AB", **{"created_at": now(), **given})
    company.codes = [CompanySni(version="2025", code=code, position=at) for at, code in enumerate(codes)]
    company.contacts = [
        Contact(name="Bo Alm", email=one, email_key=comparable(one), created_at=now()) for one in addresses
    ]
    with transaction():
        db.session.add(company)
    return company.id


def make_tag(name: str, *company_ids: int) -> int:
    with transaction():
        tag_id = add_tag(name).id
        db.session.add_all(CompanyTag(company_id=company_id, tag_id=tag_id) for company_id in company_ids)
    return tag_id


def make_visit(company_id: int, visited_on: date, **given: Any) -> int:
    visit = Visit(company_id=company_id, visited_on=visited_on, created_at=now(), **given)
    with transaction():
        db.session.add(visit)
    return visit.id


def make_note(company_id: int, text: str, author_id: int | None) -> int:
    note = Note(company_id=company_id, text=text, author="Alva", author_id=author_id, created_at=now())
    with transaction():
        db.session.add(note)
    return note.id


def company(company_id: int) -> Company:
    found = db.session.get(Company, company_id)
    assert found is not None
    return found


def contacts_of(company_id: int) -> list[Contact]:
    return list(db.session.scalars(select(Contact).where(Contact.company_id == company_id).order_by(Contact.id)))


def tag_names(company_id: int) -> list[str]:
    return [tag.name for tag in company(company_id).tags]


def tag(tag_id: int) -> Tag | None:
    return db.session.get(Tag, tag_id)


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def names_in(answer: TestResponse) -> list[str]:
    """What the rows of the page's table are called, in their order."""
    assert answer.status_code == 200
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', answer.text)]


def hidden(answer: TestResponse, name: str = "seen") -> str:
    """What the page's form carries along unseen."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', answer.text)
    assert found is not None
    return html.unescape(found[1])


def company_form(**given: str) -> dict[str, str]:
    """The form of a company as a browser sends it."""
    return {"name": "Åkessons Väveri AB", "kind": "company", **given}
