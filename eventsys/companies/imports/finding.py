"""Which companies of the register the records of a file are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from eventsys.companies.imports.records import Record
from eventsys.companies.models import Company, Contact, ImportFormat
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.folding import fold

_BULK: Sequence[ExecutableOption] = (selectinload(Company.codes),)
_OWN: Sequence[ExecutableOption] = (*_BULK, selectinload(Company.contacts), selectinload(Company.tags))
_AT_A_TIME = 500
_LOCKED: dict[str, Any] = {"key_share": True}
"""On PostgreSQL: an import changes no keys, so who registers for an event at one of them need not wait for its end."""


def newest_company() -> int:
    """The highest id in the register; 0 when it is empty."""
    return db.session.scalar(select(func.max(Company.id))) or 0


def companies_of(
    records: Sequence[Record], kind: ImportFormat, lock: bool = False, until: int | None = None
) -> list[Company | None]:
    """The company of each record: the one with its number, also when it is archived or merged into another.

    In lists of our own a merged company means the one that was kept. A record without a number is about the company
    with the same name and postcode, or about the only one in use that has a contact with one of the addresses, or else
    about an archived one with that name and postcode; `until` is the highest id that may be found so. With `lock` the
    rows are locked, yet registrations may refer to them meanwhile.
    """
    by_number = _by_number([record.number for record in records if record.number], kind, lock)
    if kind is not ImportFormat.OWN:
        return [by_number.get(record.number or "") for record in records]
    unnumbered = [record for record in records if not record.number and not record.fault]
    (by_name, put_away), by_address = _by_name(unnumbered, until), _by_address(unnumbered, until)
    ids = [
        by_name.get(_key(record)) or _by_people(record, by_address) or put_away.get(_key(record)) for record in records
    ]
    rows = _rows([one for one in ids if one], lock)
    return [
        _kept(by_number.get(record.number)) if record.number else rows.get(company_id or 0)
        for record, company_id in zip(records, ids, strict=True)
    ]


def _kept(company: Company | None) -> Company | None:
    while company is not None and company.merged_into_id is not None:
        company = db.session.get(Company, company.merged_into_id)
    return company


def _may_be_found(until: int | None) -> ColumnElement[bool]:
    return in_use() if until is None else and_(in_use(), Company.id <= until)


def _by_number(numbers: Sequence[str], kind: ImportFormat, lock: bool) -> dict[str, Company]:
    query = select(Company).where(Company.number.in_(numbers)).order_by(Company.id)
    query = query.options(*(_OWN if kind is ImportFormat.OWN else _BULK))
    found = db.session.scalars(query.with_for_update(**_LOCKED) if lock else query) if numbers else ()
    return {company.number: company for company in found if company.number}


def _rows(ids: Iterable[int], lock: bool) -> dict[int, Company]:
    query = select(Company).where(Company.id.in_(set(ids))).order_by(Company.id).options(*_OWN)
    return {company.id: company for company in db.session.scalars(query.with_for_update(**_LOCKED) if lock else query)}


def _key(record: Record) -> tuple[str, str]:
    return fold(record.name), record.told.get("postcode", "")


_Names = dict[tuple[str, str], int]


def _by_name(records: Sequence[Record], until: int | None) -> tuple[_Names, _Names]:
    """Folded name and postcode -> id, of those with the records' postcodes: companies in use, and archived ones.

    The name of one that was merged means the one that was kept. What two companies share says nothing.
    """
    codes = {record.told.get("postcode", "") for record in records}
    if not codes:
        return {}, {}
    query = select(Company.id, Company.name, Company.postcode, Company.archived_at, Company.merged_into_id)
    in_time = [] if until is None else [Company.id <= until]
    found: dict[bool, dict[tuple[str, str], set[int]]] = {True: {}, False: {}}
    for company_id, name, postcode, archived_at, merged_into in db.session.execute(
        query.where(Company.postcode.in_(codes), *in_time)
    ):
        standing = _end_of(merged_into) if merged_into else (company_id, archived_at is None)
        found[standing[1]].setdefault((fold(name), postcode), set()).add(standing[0])
    in_use_, put_away = ({key: min(ids) for key, ids in some.items() if len(ids) == 1} for some in found.values())
    return in_use_, put_away


def _end_of(company_id: int) -> tuple[int, bool]:
    """(what it was merged into in the end, whether that is in use)."""
    kept = _kept(db.session.get_one(Company, company_id))
    assert kept is not None
    return kept.id, kept.archived_at is None


def _by_address(records: Sequence[Record], until: int | None) -> dict[str, set[int]]:
    """Address -> the companies in use that have it."""
    addresses = [person.email_key for record in records for person in record.people if person.email_key]
    found: dict[str, set[int]] = {}
    for first in range(0, len(addresses), _AT_A_TIME):
        query = select(Contact.email_key, Contact.company_id).join(Contact.company)
        some = query.where(_may_be_found(until), Contact.email_key.in_(addresses[first : first + _AT_A_TIME]))
        for address, company_id in db.session.execute(some):
            found.setdefault(address or "", set()).add(company_id)
    return found


def _by_people(record: Record, by_address: dict[str, set[int]]) -> int | None:
    if record.number:
        return None
    there = {one for person in record.people for one in by_address.get(person.email_key or "", ())}
    return there.pop() if len(there) == 1 else None
