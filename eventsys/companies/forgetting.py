"""Contacts of companies, and what colleagues wrote about them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import String, cast, delete, or_, select

from eventsys.companies.models import Company, Contact, ImportLine, Merge, Note, Visit
from eventsys.database import db
from eventsys.personal import FORGOTTEN, Person, naming, portions, take_out

VISIT_TEXTS = ("met", "themes", "text", "follow_up")


def forget_contacts(ids: Collection[int]) -> int:
    """Contacts are only for reaching somebody, so they go altogether. Returns how many. Flushes, does not commit."""
    done = 0
    for some in portions(ids):
        gone = delete(Contact).where(Contact.id.in_(some)).returning(Contact.id)
        done += len(db.session.execute(gone.execution_options(synchronize_session=False)).all())
    db.session.expire_all()
    return done


def forget_in_notes(person: Person) -> int:
    """Out of notes and visits: the address wherever it stands, the name where it is about a company of the person's.

    Returns how many were changed. Flushes, does not commit.
    """
    notes = take_out(Note, ("text",), person, Note.company_id.in_(person.companies))
    return notes + take_out(Visit, VISIT_TEXTS, person, Visit.company_id.in_(person.companies))


def forget_sole_trader(person: Person) -> int:
    """Companies without a number that are called as the person is: then the name is the person's. Returns how many.

    Flushes, does not commit.
    """
    return sum(_rename(row, person) for row in sole_traders(person))


def sole_traders(person: Person) -> list[Company]:
    """Companies of the person's, without a number, whose name holds the person's own."""
    query = select(Company).where(Company.id.in_(person.companies), Company.number.is_(None))
    return [row for row in db.session.scalars(query) if person.stands_in(row.name)]


def _rename(company: Company, person: Person) -> int:
    company.name = person.taken_out_of(company.name)[:200]
    company.care_of = company.street = company.website = ""
    company.archived_why = person.taken_out_of(company.archived_why)[:200]
    db.session.flush()
    return 1


# --- imports and merges -------------------------------------------------------------------------------------------


def import_lines_of(person: Person) -> list[ImportLine]:
    """Lines of imports that hold the address, as long as they are kept."""
    written = cast(ImportLine.record, String)  # as JSON, where other letters than ASCII are escaped
    escaped = written.ilike(f"%{json.dumps(person.address)[1:-1]}%") if not person.address.isascii() else None
    found = [naming(person, written, ImportLine.remark), *([escaped] if escaped is not None else [])]
    rows = db.session.scalars(select(ImportLine).where(or_(*found)).order_by(ImportLine.id)).all()
    return [row for row in rows if person.address_stands_in(f"{row.remark} {_plain(row.record)}")]


def _plain(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


def merges_of(person: Person) -> Sequence[Merge]:
    """Accounts of merges of the person's companies."""
    either = or_(Merge.kept_id.in_(person.companies), Merge.merged_id.in_(person.companies))
    return db.session.scalars(select(Merge).where(either)).all()


def forget_in_imports(person: Person) -> int:
    """Out of lines that imports have kept, as long as they are kept. Returns how many. Flushes, does not commit."""
    rows = import_lines_of(person)
    for row in rows:
        row.record = _without_contact(row.record, person)
        row.remark, row.name = person.taken_out_of(row.remark)[:300], person.taken_out_of(row.name)[:200]
    db.session.flush()
    return len(rows)


def _without_contact(record: dict[str, Any] | None, person: Person) -> dict[str, Any] | None:
    if record is None:
        return None
    people = [one for one in record.get("people", []) if one.get("email_key") != person.address]
    without: dict[str, Any] = taken_out({**record, "people": people}, person)
    return without


def forget_in_merges(person: Person) -> int:
    """Out of what two companies were before they were made one. Returns how many. Flushes, does not commit."""
    changed = 0
    for row in merges_of(person):
        before = taken_out(row.before, person)
        if before != row.before:
            row.before, changed = before, changed + 1
    db.session.flush()
    return changed


def taken_out(value: Any, person: Person) -> Any:
    """JSON without the person; keys that follow from a name are made of the mark too."""
    if isinstance(value, str):
        return person.taken_out_of(value)
    if isinstance(value, list):
        return [taken_out(one, person) for one in value]
    if isinstance(value, dict):
        return _consistent({key: taken_out(one, person) for key, one in value.items()})
    return value


def _consistent(row: dict[str, Any]) -> dict[str, Any]:
    """A company's sort and search keys hold its name in another dress."""
    if FORGOTTEN in str(row.get("name", "")):
        keys = {"sort_key", "search_key"} & row.keys()
        return {**row, **dict.fromkeys(keys, FORGOTTEN.lower())}
    return row
