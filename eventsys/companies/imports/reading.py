"""The dry run: a file is read from its first line to its last, every line judged, and what matters kept as rows.

One worker reads a file in one go, and keeps portions as it goes, so that the page can say how far it is. Whoever finds
that the lease has run out (the worker died) begins anew from the first line: to go on in the middle would take the
numbers met so far as rows of their own, and a file of three million lines is read in a minute or two anyway.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, or_, select

from eventsys.columns import Column
from eventsys.companies.imports import bolagsverket, own, scb
from eventsys.companies.imports.finding import companies_of
from eventsys.companies.imports.judging import Judged, judged
from eventsys.companies.imports.opening import Lines, opened
from eventsys.companies.imports.postcodes import Ours
from eventsys.companies.imports.receiving import NO_POSTCODES, delete_file, kept_table, path_of
from eventsys.companies.imports.records import JOINED, Aside, Item, Record, as_row
from eventsys.companies.imports.values import NOT_UTF8
from eventsys.companies.models import Company, Import, ImportFormat, ImportLine, ImportState, Verdict
from eventsys.companies.newcomers import our_postcodes
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.tabular import PoorFile

LEASE = timedelta(minutes=2)
PORTION, PORTION_SECONDS, LOOK_EVERY = 500, 2.0, 5000
MOST_TRIES = 3
MOST_BAD_SHARE, SOME_BAD, SOME_UNDECODED = 0.1, 100, 5
"""More bad lines than this share, and than so many, and the file is not what it says."""
MOST_ASIDES = 5000
"""Lines without a record of their own that the report tells one by one; more are only counted."""
GONE = "Filen finns inte där den skulle läsas. Läs in den en gång till."
MOSTLY_BAD = "De flesta raderna i filen går inte att läsa. Hämta filen igen och ändra inget i den."
WRONG_ENCODING = (
    "Filen är inte skriven i UTF-8, så å, ä och ö går inte att läsa. Hämta den igen och läs in den utan att öppna och "
    "spara den i ett annat program."
)
NOT_COMPANIES = "Filen har inga rader under rubrikraden. Hämta den igen och försök på nytt."
DIED = "Läsningen har avbrutits flera gånger. Be den som sköter servern att se i loggen."


class LostImport(Exception):
    """The import was cancelled, or another worker has taken it over: what was read is thrown away."""


class ImportBusy(Refused):
    """Another import is being read or taken in; only one goes at a time."""


@dataclass
class Taken:
    """An import that this worker reads, and what it must know before it opens the file."""

    id: int
    format: ImportFormat
    path: Path
    options: dict[str, Any]
    lease_until: datetime
    ours: Ours
    known: frozenset[bytes]
    companies: dict[int, int] = field(default_factory=dict)  # company -> the line that was about it first
    asides: int = 0


@dataclass
class Portion:
    """Some lines of the file: how many, what was passed over and why, and those that are to be judged."""

    lines: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    records: list[Record] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    read_so_far: int = 0


# --- taken on -----------------------------------------------------------------------------------------------------


def take(import_id: int, at: datetime, path: Path | None = None) -> Taken | None:
    """Take on an import that waits to be read; None when it does not, or another one is at work.

    `path` is where the file lies when it is not in our folder. Flushes, does not commit.
    """
    found = locked_if_free(import_id, (ImportState.WAITING, ImportState.READING), at)
    if found is None:
        return None
    if not may_try(found, "tries", at, DIED):
        return None
    db.session.execute(delete(ImportLine).where(ImportLine.import_id == import_id))
    found.state, found.lease_until = ImportState.READING, at + LEASE
    found.lines, found.read_so_far, found.counts = 0, 0, {}
    db.session.flush()
    return Taken(
        found.id, found.format, path or path_of(found.file_key), dict(found.options), found.lease_until,
        Ours(our_postcodes()), _known_numbers(found.format),
    )  # fmt: skip


def may_try(found: Import, counter: str, at: datetime, died: str) -> bool:
    """Count another try of a step; one that has killed its workers so often is given up, and `died` says so."""
    tries = int(found.options.get(counter, 0)) + 1
    if tries > MOST_TRIES:
        _ended(found, ImportState.FAILED, at, died)
        return False
    found.options = {**found.options, counter: tries}
    return True


def locked_if_free(import_id: int, states: tuple[ImportState, ...], at: datetime) -> Import | None:
    """The import under its lock when it is in one of the states and nobody works at it or at another one.

    The lock of the oldest row stands for the whole queue: two workers that each take another import come one by one.
    """
    db.session.execute(select(Import.id).order_by(Import.id).limit(1).with_for_update())
    at_work = select(Import).where(
        or_(Import.id == import_id, Import.state.in_((ImportState.READING, ImportState.APPLYING)))
    )
    rows = db.session.scalars(at_work.order_by(Import.id).with_for_update()).all()
    wanted = next((one for one in rows if one.id == import_id and one.state in states), None)
    is_busy = any(one.lease_until and one.lease_until > at for one in rows if one.state is not ImportState.WAITING)
    return None if wanted is None or is_busy else wanted


def _known_numbers(kind: ImportFormat) -> frozenset[bytes]:
    if kind is ImportFormat.OWN:
        return frozenset()
    return frozenset(
        number.encode("ascii", "ignore")
        for number in db.session.scalars(select(Company.number).where(Company.number.is_not(None)))
        if number
    )


# --- read ---------------------------------------------------------------------------------------------------------


def portions(taken: Taken) -> Iterator[Portion]:
    """The file in portions. Opens no transaction. Raises PoorFile."""
    if not taken.path.is_file():
        raise PoorFile(GONE)
    if taken.format is ImportFormat.OWN:
        yield from _portions(_own_items(taken), lambda: 0)
        return
    if not taken.ours:
        raise PoorFile(NO_POSTCODES)
    with opened(taken.path) as file:
        lines = Lines(file.stream)
        if taken.format is ImportFormat.SCB:
            found = scb.items(lines, taken.ours, taken.known, taken.options["sni"])
        else:
            found = bolagsverket.items(lines, taken.ours, taken.known)
        yield from _portions(found, file.position)


def _own_items(taken: Taken) -> Iterator[Item]:
    table, begins = kept_table(taken.path), int(taken.options["heading"])
    where = {Column(name): place for name, place in taken.options["where"].items()}
    return own.items(table[begins:], where, begins + 1, taken.options["sni"])


def _portions(items: Iterator[Item], position: Callable[[], int]) -> Iterator[Portion]:
    """Gathers items; a portion is full when it has many records, or has taken long."""
    portion, health, began = Portion(), _Health(), time.monotonic()
    for item in items:
        health.lines += 1
        portion.lines += 1
        if isinstance(item, str):
            portion.passed[item] += 1
        elif isinstance(item, Record):
            portion.records.append(item)
            health.see(item)
        else:
            portion.asides.append(item)
            health.malformed += item.verdict is Verdict.REFUSED
        is_full = len(portion.records) + len(portion.asides) >= PORTION
        if is_full or (health.lines % LOOK_EVERY == 0 and time.monotonic() - began > PORTION_SECONDS):
            health.check()
            portion.read_so_far = position()
            yield portion
            portion, began = Portion(), time.monotonic()
    health.check(is_all=True)
    portion.read_so_far = position()
    yield portion


@dataclass
class _Health:
    """How much of a file can be read: a few bad lines are told about, a file that is mostly bad is not taken in."""

    lines: int = 0
    malformed: int = 0
    records: int = 0
    undecoded: int = 0

    def see(self, record: Record) -> None:
        self.records += 1
        self.undecoded += record.fault == NOT_UTF8

    def check(self, is_all: bool = False) -> None:
        """Raises PoorFile."""
        if is_all and not self.lines:
            raise PoorFile(NOT_COMPANIES)
        too_many = self.malformed > SOME_BAD and self.malformed > MOST_BAD_SHARE * self.lines
        if too_many or (is_all and self.malformed * 2 > self.lines):
            raise PoorFile(MOSTLY_BAD)
        if self.undecoded > SOME_UNDECODED and self.undecoded > MOST_BAD_SHARE * self.records:
            raise PoorFile(WRONG_ENCODING)


# --- kept ---------------------------------------------------------------------------------------------------------


def keep(taken: Taken, portion: Portion, at: datetime) -> Import:
    """Judge a portion and keep what matters of it. Raises LostImport. Flushes, does not commit."""
    found = held(taken, ImportState.READING)
    counts, rows = Counter(found.counts), list[dict[str, Any]]()
    for one in _judged(taken, portion.records):
        _count(counts, one.verdict, one.reason)
        if (row := _line(taken.id, one)) is not None:
            rows.append(row)
    for reason, number in portion.passed.items():
        _count(counts, Verdict.PASSED_OVER, reason, number)
    for aside in portion.asides:
        _count(counts, aside.verdict, aside.reason)
        taken.asides += 1
        if taken.asides <= MOST_ASIDES:
            rows.append(_aside_line(taken.id, aside))
    if rows:
        db.session.execute(insert(ImportLine), rows)
    found.counts, found.lines = dict(counts), found.lines + portion.lines
    found.read_so_far = min(portion.read_so_far, found.size)
    found.lease_until = taken.lease_until = at + LEASE
    db.session.flush()
    return found


def held(taken: Taken, state: ImportState) -> Import:
    """The import's row under its lock. Raises LostImport when it is not in our hands any more."""
    found = db.session.get(Import, taken.id, with_for_update=True, populate_existing=True)
    if found is None or found.state is not state or found.lease_until != taken.lease_until:
        raise LostImport
    return found


def _judged(taken: Taken, records: list[Record]) -> Iterator[Judged]:
    for record, company in zip(records, companies_of(records, taken.format), strict=True):
        one = judged(record, company, taken.format)
        if company is not None and one.verdict in (Verdict.CHANGED, Verdict.SAME):
            first = taken.companies.setdefault(company.id, record.line)
            if first != record.line and taken.format is ImportFormat.OWN:
                one.verdict, one.reason = Verdict.PASSED_OVER, JOINED
                one.remark = f"Samma företag som rad {first}; det nya på raden kommer med. {one.remark}".strip()
        yield one


def _count(counts: Counter[str], verdict: Verdict, reason: str = "", number: int = 1) -> None:
    counts[verdict.value] += number
    if reason:
        counts[f"{verdict.value}:{reason}"] += number


def _line(import_id: int, one: Judged) -> dict[str, Any] | None:
    """The row of a line; None for one that is nothing for us, or the same and without anything to say."""
    is_taken = one.verdict in (Verdict.NEW, Verdict.CHANGED) or one.reason == JOINED
    if not is_taken and one.verdict is not Verdict.REFUSED and not one.remark:
        return None
    return {
        "import_id": import_id, "line": one.record.line, "verdict": one.verdict, "name": one.record.name,
        "number": one.record.number, "remark": one.remark[:300], "record": as_row(one.record) if is_taken else None,
    }  # fmt: skip


def _aside_line(import_id: int, aside: Aside) -> dict[str, Any]:
    return {
        "import_id": import_id, "line": aside.line, "verdict": aside.verdict, "name": aside.name, "number": None,
        "remark": aside.remark[:300], "record": None,
    }  # fmt: skip


# --- ended --------------------------------------------------------------------------------------------------------


def finish(taken: Taken, at: datetime) -> Import:
    """Everything is read: somebody may look. Raises LostImport. Flushes; delete the file after the commit."""
    found = held(taken, ImportState.READING)
    found.state, found.read_at, found.lease_until, found.file_key = ImportState.READ, at, None, ""
    found.read_so_far = found.size
    db.session.flush()
    return found


def fail(import_id: int, reason: str, at: datetime) -> None:
    """The import has failed and changes nothing; the file goes. Harmless for one that has ended. Flushes."""
    found = db.session.get(Import, import_id, with_for_update=True, populate_existing=True)
    if found is not None and found.state in (ImportState.READING, ImportState.APPLYING):
        _ended(found, ImportState.FAILED, at, reason)


def cancel(import_id: int, at: datetime, reason: str = "") -> bool:
    """Throw away an import that has not been taken in; whether there was anything to throw away. Flushes."""
    found = db.session.get(Import, import_id, with_for_update=True, populate_existing=True)
    if found is None or found.state not in (ImportState.WAITING, ImportState.READING, ImportState.READ):
        return False
    _ended(found, ImportState.CANCELLED, at, reason)
    return True


def _ended(found: Import, state: ImportState, at: datetime, reason: str) -> None:
    delete_file(found.file_key)
    found.state, found.reason, found.done_at = state, reason[:300], at
    found.lease_until, found.file_key = None, ""
    db.session.execute(delete(ImportLine).where(ImportLine.import_id == found.id))
    db.session.flush()
