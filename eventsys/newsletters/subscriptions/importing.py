"""Subscribers from a list that the office may write to: line by line what each would be, then all of it or nothing.

Who has left, refuses letters or is suppressed is never brought back by a list: only the person can do that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table as Rows
from sqlalchemy import func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from eventsys import audit
from eventsys.columns import Cells, Column
from eventsys.companies.models import Company, Contact
from eventsys.companies.numbers import BadNumber, PersonalNumber, organisation_number
from eventsys.companies.queries import in_use
from eventsys.companies.register import fits
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.models import Suppression
from eventsys.newsletters.lists import list_names
from eventsys.newsletters.subscriptions.models import (
    Consent,
    ConsentAct,
    Reader,
    Subscription,
    SubscriptionState,
    Way,
)
from eventsys.personal import kept_no
from eventsys.tabular import Table
from eventsys.tokens import new_token

COLUMNS = (Column.EMAIL, Column.NAME, Column.FIRST, Column.LAST, Column.COMPANY, Column.NUMBER, Column.LANGUAGE)
LONGEST_GROUND = 300
_READERS = cast(Rows, Reader.__table__)
_INSERTS: dict[str, Any] = {
    "postgresql": postgresql.insert(_READERS).on_conflict_do_nothing(index_elements=["address"]),
    "sqlite": sqlite.insert(_READERS).on_conflict_do_nothing(index_elements=["address"]),
}
_SUBSCRIPTIONS = cast(Rows, Subscription.__table__)
_ONE_A_LIST: dict[str, Any] = {
    "postgresql": postgresql.insert(_SUBSCRIPTIONS).on_conflict_do_nothing(index_elements=["reader_id", "list"]),
    "sqlite": sqlite.insert(_SUBSCRIPTIONS).on_conflict_do_nothing(index_elements=["reader_id", "list"]),
}
_AT_A_TIME = 500


class Verdict(StrEnum):
    NEW = "ny"
    THERE = "finns"
    LEFT = "slutat"
    REFUSED = "avbojt"
    SUPPRESSED = "sparrad"
    WRONG = "fel"


@dataclass(frozen=True)
class Person:
    """A line that can be used. `company_id` is the company of the register with its number, or with its address."""

    address: str
    name: str
    organisation: str
    lang: str
    company_id: int | None = None


@dataclass(frozen=True)
class Line:
    """One line of the file; `person` is None when it is wrong. `remark` says why it is what it is."""

    number: int
    verdict: Verdict
    shown: str
    address: str = ""
    organisation: str = ""
    remark: str = ""
    person: Person | None = None


@dataclass(frozen=True)
class _Known:
    """What the database says of everybody, asked once."""

    readers: Mapping[str, datetime | None]  # address -> refused at
    lists: Mapping[str, SubscriptionState]  # address -> state of this list
    suppressed: frozenset[str]
    companies: Mapping[str, int]  # organisation number -> id
    addresses: Mapping[str, tuple[int, str | None]]  # address of one company alone -> its id and number


class NoGround(Refused):
    """Nobody may be written to without a ground that can be told."""


class NoSuchList(Refused):
    """There is no such letter to subscribe to."""


def judged(rows: Table, where: Mapping[Column, int], key: str, first_line: int = 1) -> list[Line]:
    """Each line as it would become a subscriber of the list; nothing is changed. `first_line` is that of rows[0].

    Raises NoSuchList. Five queries, however long the file is.
    """
    if not list_names([key]):
        raise NoSuchList("Välj vilket brev listan gäller.")
    known, seen = _known(key), set[str]()
    lines = []
    for number, row in enumerate(rows, start=first_line):
        line = _judged(number, Cells(row, where), known, seen)
        seen.add(line.address)
        lines.append(line)
    return lines


def _known(key: str) -> _Known:
    readers = db.session.execute(select(Reader.address, Reader.refused_at))
    of_list = select(Reader.address, Subscription.state).join(Subscription.reader).where(Subscription.list == key)
    suppressed = db.session.scalars(select(Suppression.address).where(Suppression.lifted_at.is_(None)))
    return _Known(
        dict(readers.all()), dict(db.session.execute(of_list).all()), frozenset(suppressed), _numbers(), _addresses()
    )  # fmt: skip


def _numbers() -> dict[str, int]:
    """Of each number its company; of one that was merged into another, that other."""
    query = select(Company.id, Company.number, Company.merged_into_id)
    rows = db.session.execute(query.where(or_(Company.number.is_not(None), Company.merged_into_id.is_not(None)))).all()
    leads = {company_id: other for company_id, _, other in rows if other is not None}
    return {number: _standing(company_id, leads) for company_id, number, _ in rows if number}


def _standing(company_id: int, leads: Mapping[int, int]) -> int:
    while company_id in leads:
        company_id = leads[company_id]
    return company_id


def _addresses() -> dict[str, tuple[int, str | None]]:
    query = select(Contact.email_key, func.min(Contact.company_id), func.min(Company.number)).join(Contact.company)
    alone = query.where(in_use(), Contact.email_key.is_not(None)).group_by(Contact.email_key)
    rows = db.session.execute(alone.having(func.count() == 1))
    return {address: (company_id, number) for address, company_id, number in rows if address}


def _judged(number: int, cells: Cells, known: _Known, seen: set[str]) -> Line:
    address, fault = cells.address_or_fault()
    if fault:
        return Line(number, Verdict.WRONG, cells.shown, remark=fault)
    verdict, remark = _verdict(address, known, seen)
    company_id, about_number = _company(cells[Column.NUMBER], address, known)
    organisation = cells[Column.COMPANY][:200]
    person = Person(address, cells.name, organisation, _language(cells[Column.LANGUAGE]), company_id)
    return Line(number, verdict, cells.name or address, address, organisation, remark or about_number, person)


def _verdict(address: str, known: _Known, seen: set[str]) -> tuple[Verdict, str]:
    if address in seen:
        return Verdict.THERE, "Adressen står tidigare i filen."
    forgotten = kept_no(address)
    if address in known.suppressed or forgotten in known.suppressed:
        return Verdict.SUPPRESSED, "Adressen är spärrad: brev har kommit i retur, eller anmälts som skräppost."
    if known.lists.get(address) is SubscriptionState.ENDED:
        return Verdict.LEFT, "Har slutat, och läggs aldrig till igen av en lista."
    if (known.readers.get(address) or known.readers.get(forgotten)) is not None:
        return Verdict.REFUSED, "Vill inte ha några brev."
    if address in known.lists:
        return Verdict.THERE, "Prenumererar redan."
    return Verdict.NEW, ""


def _company(text: str, address: str, known: _Known) -> tuple[int | None, str]:
    """By the number, else by the address when that company has no other number; and what is wrong with the number."""
    number, fault = _number(text)
    if number in known.companies:
        return known.companies[number], fault
    company_id, its_number = known.addresses.get(address, (None, None))
    return company_id if fits(its_number, number or None) else None, fault


def _number(text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    try:
        return organisation_number(text), ""
    except PersonalNumber:
        return "", "Numret är ett personnummer och sparas inte."
    except BadNumber:
        return "", "Organisationsnumret stämmer inte och tas inte med."


def _language(text: str) -> str:
    return "en" if text.lower() in {"en", "eng", "engelska", "english"} else "sv"


def take_in(
    rows: Table, where: Mapping[Column, int], key: str, ground: str, at: datetime, first_line: int = 1
) -> list[Line]:
    """Subscribe everybody whose line is new, and keep the ground with each. Returns the lines as they were judged.

    The lines are judged anew here, so that whoever left a moment ago stays left; a file taken in twice changes nothing
    the second time. Raises NoGround, NoSuchList. Flushes, does not commit.
    """
    ground = ground.strip()[:LONGEST_GROUND]
    if not ground:
        raise NoGround("Skriv varför vi får skriva till dem på listan.")
    lines = judged(rows, where, key, first_line)
    new = [line.person for line in lines if line.verdict is Verdict.NEW and line.person]
    portions = (new[first : first + _AT_A_TIME] for first in range(0, len(new), _AT_A_TIME))
    added = sum(_subscribe(people, key, ground, at) for people in portions)
    if added:
        audit.record("reader.imported", "reader:", list=key, added=added)
    db.session.flush()
    return lines


def _subscribe(people: Sequence[Person], key: str, ground: str, at: datetime) -> int:
    """How many of them were added. Whoever has confirmed, left or refused since the lines were judged is not."""
    values = [
        {
            "token": new_token(), "address": one.address, "name": one.name, "organisation": one.organisation,
            "company_id": one.company_id, "lang": one.lang, "added_at": at,
        }
        for one in people
    ]  # fmt: skip
    db.session.execute(_INSERTS[db.engine.dialect.name], values)
    query = select(Reader.id).where(Reader.address.in_([one.address for one in people]), Reader.refused_at.is_(None))
    ids = _begun(db.session.scalars(query.with_for_update()).all(), key, at)
    said = {"act": ConsentAct.IMPORTED, "at": at, "ground": ground, "text_version": ""}
    rows = [{"reader_id": each, "list": key, "way": Way.IMPORT, **said} for each in ids]
    if rows:
        db.session.execute(insert(Consent), rows)
    return len(rows)


def _begun(ids: Sequence[int], key: str, at: datetime) -> Sequence[int]:
    """Those of the readers whom the list begins for: they neither have it nor have left it."""
    began = {"state": SubscriptionState.ACTIVE, "way": Way.IMPORT, "began_at": at, "why_ended": ""}
    rows = [{"reader_id": each, "list": key, **began} for each in ids]
    adding = _ONE_A_LIST[db.engine.dialect.name].returning(_SUBSCRIPTIONS.c.reader_id)
    return db.session.scalars(adding, rows).all() if rows else ()
