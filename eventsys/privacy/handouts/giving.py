"""Handing out a set: the file with its masked columns, and the row that says what was given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import func, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.handing_out import RecordSet, Table
from eventsys.paging import Paged
from eventsys.privacy.handouts.models import Handout
from eventsys.sheets import FileKind, sheet

FIRST_ROWS = 10


class NothingChosen(Refused):
    """No column is kept."""


@dataclass(frozen=True)
class Wish:
    """What is to be handed out: the set, which of its things or which days, and what becomes of each column."""

    records: RecordSet
    value: str = ""
    first: date | None = None
    last: date | None = None

    def table(self) -> Table:
        """The set itself. Raises NotFound."""
        return self.records.table(self.value, self.first, self.last)


@dataclass(frozen=True)
class Masking:
    """The columns that are in the file, and those of them that are masked, by name."""

    kept: Sequence[str]
    masked: Collection[str]


@dataclass(frozen=True)
class Given:
    """A file ready to be handed out."""

    title: str
    content: bytes
    rows: int


def file_of(wish: Wish, masking: Masking, kind: FileKind) -> Given:
    """The file. Slow for a large set, so outside transactions; see note_handout. Raises NotFound, NothingChosen."""
    table = wish.table()
    kept = [column.name for column in table.columns if column.name in masking.kept]
    if not kept:
        raise NothingChosen("Välj minst en kolumn.")
    rows = list(table.given(kept, masking.masked))
    return Given(table.title, sheet(kind, kept, rows, table.title), len(rows))


def note_handout(
    wish: Wish, masking: Masking, kind: FileKind, given: Given, by: str, case_number: str, reason: str, at: datetime
) -> Handout:
    """Keep that it was handed out: what, when, by which colleague; not to whom. Flushes, does not commit."""
    period = {"first": str(wish.first), "last": str(wish.last)} if wish.records.by_period else {}
    masked = [name for name in masking.kept if name in masking.masked]
    row = Handout(
        at=at, by=by, set_key=wish.records.key, title=given.title[:300], period=period, columns=list(masking.kept),
        masked=masked, rows=given.rows, kind=kind.value, case_number=case_number, reason=reason,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("handout.handed_out", f"handout:{row.id}", rows=given.rows, masked=len(masked), kind=kind.value)
    return row


@dataclass(frozen=True)
class HandoutPage(Paged):
    """One page of what was handed out, newest first."""

    size: ClassVar[int] = 30

    handouts: Sequence[Handout]
    number: int
    total: int


def handout_page(number: int = 1) -> HandoutPage:
    """The page of this number, from 1; one too high gives the last."""
    total = db.session.scalar(select(func.count()).select_from(Handout)) or 0
    number = max(1, min(number, -(-total // HandoutPage.size)))
    query = select(Handout).order_by(Handout.id.desc()).limit(HandoutPage.size).offset((number - 1) * HandoutPage.size)
    return HandoutPage(db.session.scalars(query).all(), number, total)


def handout_by_id(handout_id: int) -> Handout:
    """Raises NotFound."""
    row = db.session.get(Handout, handout_id)
    if row is None:
        raise NotFound
    return row
