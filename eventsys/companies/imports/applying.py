"""An import is taken in: all of it in one transaction, from the rows of the dry run, judged anew under the lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.companies.imports.finding import companies_of, newest_company
from eventsys.companies.imports.judging import Judged, judged
from eventsys.companies.imports.reading import LostImport, locked_if_free, may_try
from eventsys.companies.imports.records import JOINED, Person, Record, from_row
from eventsys.companies.models import (
    Company,
    CompanySni,
    Contact,
    Import,
    ImportFormat,
    ImportLine,
    ImportState,
    Origin,
    Tag,
    Verdict,
)
from eventsys.database import db, refresh_statistics
from eventsys.errors import Refused
from eventsys.folding import fold

LEASE = timedelta(minutes=15)
"""Longer than the job may take: one transaction cannot say in the middle that it is still at work."""
PORTION = 500
DIED = "Inläsningen har avbrutits flera gånger, och inget är ändrat. Be den som sköter servern att se i loggen."
_ORIGINS = {
    ImportFormat.OWN: Origin.OWN_LIST, ImportFormat.BOLAGSVERKET: Origin.BOLAGSVERKET, ImportFormat.SCB: Origin.SCB,
}  # fmt: skip


class NotToBeTaken(Refused):
    """The import is not one that waits for somebody to say yes."""


@dataclass(frozen=True)
class Given:
    """An import that this worker takes in."""

    id: int
    lease_until: datetime


def confirm(import_id: int) -> Import:
    """Somebody has looked at the report and wants it. Raises NotToBeTaken. Flushes; ring after the commit."""
    found = db.session.get(Import, import_id, with_for_update=True, populate_existing=True)
    if found is None or found.state is not ImportState.READ:
        raise NotToBeTaken("Inläsningen är redan klar, avbruten eller på väg.")
    found.state = ImportState.CONFIRMED
    audit.record("company.import_confirmed", f"company_import:{import_id}")
    db.session.flush()
    return found


def take(import_id: int, at: datetime) -> Given | None:
    """Take on an import that is wanted; None when it is not, was given up, or another one is at work. Flushes."""
    found = locked_if_free(import_id, (ImportState.CONFIRMED, ImportState.APPLYING), at)
    if found is None or not may_try(found, "applied", at, DIED):
        return None
    found.state, found.lease_until = ImportState.APPLYING, at + LEASE
    db.session.flush()
    return Given(found.id, found.lease_until)


def give_back(given: Given) -> None:
    """The register was locked for too long: the import waits for its next turn. Flushes."""
    found = db.session.get(Import, given.id, with_for_update=True, populate_existing=True)
    if found is not None and found.state is ImportState.APPLYING and found.lease_until == given.lease_until:
        found.state, found.lease_until = ImportState.CONFIRMED, None
        found.options = {**found.options, "applied": 0}  # nobody died
        db.session.flush()


def take_in(given: Given, at: datetime) -> Import:
    """Put everything into the register. Raises LostImport. Flushes, does not commit: one transaction for all of it.

    A line that has become something else since the dry run counts as what it is now.
    """
    found = db.session.get(Import, given.id, with_for_update=True, populate_existing=True)
    if found is None or found.state is not ImportState.APPLYING or found.lease_until != given.lease_until:
        raise LostImport
    counts, until, kind = Counter(found.counts), newest_company(), found.format
    tags = {tag.key: tag.id for tag in db.session.scalars(select(Tag))}
    for lines in _staged(given.id):
        for line, one in _taken_in(lines, kind, until, tags, at):
            _recount(counts, line.verdict, one)
    db.session.execute(update(ImportLine).where(ImportLine.import_id == given.id).values(record=None))
    found.counts = {name: number for name, number in counts.items() if number}
    found.state, found.done_at, found.lease_until = ImportState.DONE, at, None
    audit.record(
        "company.imported", f"company_import:{found.id}", format=kind.value, new=counts[Verdict.NEW.value],
        changed=counts[Verdict.CHANGED.value],
    )  # fmt: skip
    db.session.flush()
    refresh_statistics()
    return found


def _staged(import_id: int) -> Iterator[Sequence[ImportLine]]:
    """The lines to take in, in the file's order, some at a time."""
    last = 0
    while True:
        query = select(ImportLine).where(ImportLine.import_id == import_id, ImportLine.id > last)
        lines = db.session.scalars(query.order_by(ImportLine.id).limit(PORTION)).all()
        if not lines:
            return
        last = lines[-1].id
        yield [line for line in lines if line.record]
        db.session.flush()


def _taken_in(
    lines: Sequence[ImportLine], kind: ImportFormat, until: int, tags: dict[str, int], at: datetime
) -> Iterator[tuple[ImportLine, Judged]]:
    records = [from_row(line.record or {}) for line in lines]
    companies = companies_of(records, kind, lock=True, until=until)
    new: list[tuple[ImportLine, Judged]] = []
    for line, record, company in zip(lines, records, companies, strict=True):
        one = judged(record, company, kind)
        if one.verdict is Verdict.NEW:
            new.append((line, one))
            continue
        if one.verdict is Verdict.CHANGED:
            _change(one, tags, at)
        yield line, one
    known = dict(tags)
    try:
        with db.session.begin_nested():
            _add([one for _, one in new], kind, tags, at)
    except IntegrityError:  # a registration began one of them this very moment
        tags.clear()  # tags that were new are gone with the savepoint
        tags.update(known)
        new = [(line, _added(one.record, kind, tags, at)) for line, one in new]
    yield from new


def _added(record: Record, kind: ImportFormat, tags: dict[str, int], at: datetime) -> Judged:
    """The same for one at a time, held against what is there now."""
    one = judged(record, companies_of([record], kind, lock=True)[0], kind)
    if one.verdict is Verdict.NEW:
        _add([one], kind, tags, at)
    elif one.verdict is Verdict.CHANGED:
        _change(one, tags, at)
    return one


def _add(new: Sequence[Judged], kind: ImportFormat, tags: dict[str, int], at: datetime) -> None:
    for one in new:
        company = Company(**one.values, origin=_ORIGINS[kind], created_at=at, kept_by_hand=[])
        company.codes, company.contacts, company.tags = [], [], []
        _add_rest(company, one, tags, at)
        db.session.add(company)
    db.session.flush()


def _change(one: Judged, tags: dict[str, int], at: datetime) -> None:
    assert one.company is not None
    for name, value in one.values.items():
        setattr(one.company, name, value)
    _add_rest(one.company, one, tags, at)


def _add_rest(company: Company, one: Judged, tags: dict[str, int], at: datetime) -> None:
    if one.codes:
        others = [code for code in company.codes if code.version != one.record.sni]
        now = {code.code: code for code in company.codes if code.version == one.record.sni}
        company.codes = others + [
            _placed(now.get(code) or CompanySni(version=one.record.sni, code=code), place)
            for place, code in enumerate(one.codes)
        ]
    for contact, person in one.people:
        if contact is None:
            company.contacts.append(_contact(person, at))
        else:
            _fill(contact, person)
    for name in one.tags:
        company.tags.append(_tag(name, tags, at))


def _placed(code: CompanySni, place: int) -> CompanySni:
    code.position = place
    return code


def _contact(person: Person, at: datetime) -> Contact:
    values: dict[str, Any] = {name: getattr(person, name) for name in person.__slots__}
    return Contact(**values, created_at=at)


def _fill(contact: Contact, person: Person) -> None:
    """Only what is empty: what somebody has written stays."""
    for name in ("name", "role", "phone", "phone_e164"):
        if not getattr(contact, name):
            setattr(contact, name, getattr(person, name))


def _tag(name: str, tags: dict[str, int], at: datetime) -> Tag:
    key = fold(name)[:60]
    if key in tags:
        return db.session.get_one(Tag, tags[key])
    tag = Tag(name=name, key=key, created_at=at)
    db.session.add(tag)
    db.session.flush()
    tags[key] = tag.id
    return tag


def _recount(counts: Counter[str], was: Verdict, one: Judged) -> None:
    """Move a line to what it is now; one that was joined with another stays with that."""
    if was is Verdict.PASSED_OVER or was is one.verdict:
        return
    counts[was.value] -= 1
    counts[one.verdict.value] += 1
    if one.reason and one.reason != JOINED:
        counts[f"{one.verdict.value}:{one.reason}"] += 1
