"""What pages and the clock ask about imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from eventsys.companies.models import Import, ImportLine, ImportState, Verdict
from eventsys.database import db
from eventsys.errors import NotFound

PER_PAGE = 100
_AT_A_TIME = 1000
MOVING = frozenset({ImportState.WAITING, ImportState.READING, ImportState.CONFIRMED, ImportState.APPLYING})


@dataclass(frozen=True)
class Page:
    """Some lines of a report, and how many there are."""

    lines: Sequence[ImportLine]
    number: int
    pages: int
    total: int


def import_by_id(import_id: int) -> Import:
    """Raises NotFound."""
    found = db.session.get(Import, import_id)
    if found is None:
        raise NotFound
    return found


def imports(page: int, per_page: int = 30) -> tuple[Sequence[Import], int]:
    """Imports of a page, the newest first, and how many pages there are."""
    total = db.session.scalar(select(func.count()).select_from(Import)) or 0
    rows = select(Import).order_by(Import.id.desc()).limit(per_page).offset((page - 1) * per_page)
    return db.session.scalars(rows).all(), max(1, -(-total // per_page))


def lines_of(import_id: int, verdict: Verdict | None, page: int) -> Page:
    """Lines of the report in the file's order; with a verdict only those."""
    asked = [ImportLine.import_id == import_id]
    if verdict is not None:
        asked.append(ImportLine.verdict == verdict)
    total = db.session.scalar(select(func.count()).select_from(ImportLine).where(*asked)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(page, pages)
    rows = select(ImportLine).where(*asked).order_by(ImportLine.line, ImportLine.id)
    lines = db.session.scalars(rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(lines, number, pages, total)


def every_line(import_id: int) -> Iterator[ImportLine]:
    """All lines of a report in the file's order, some at a time."""
    last = (0, 0)
    while True:
        after = or_(ImportLine.line > last[0], and_(ImportLine.line == last[0], ImportLine.id > last[1]))
        query = select(ImportLine).where(ImportLine.import_id == import_id, after)
        lines = db.session.scalars(query.order_by(ImportLine.line, ImportLine.id).limit(_AT_A_TIME)).all()
        if not lines:
            return
        yield from lines
        last = (lines[-1].line, lines[-1].id)


def told_about(import_id: int) -> dict[Verdict, int]:
    """How many lines the report tells one by one, of each verdict."""
    query = select(ImportLine.verdict, func.count()).where(ImportLine.import_id == import_id)
    return dict(db.session.execute(query.group_by(ImportLine.verdict)).all())


def imports_to_read(at: datetime) -> list[int]:
    """Those that wait for a worker, or whose worker has died. The oldest first."""
    return _due(ImportState.WAITING, ImportState.READING, at)


def imports_to_apply(at: datetime) -> list[int]:
    """Those that somebody has said yes to."""
    return _due(ImportState.CONFIRMED, ImportState.APPLYING, at)


def _due(waits: ImportState, at_work: ImportState, at: datetime) -> list[int]:
    died = and_(Import.state == at_work, or_(Import.lease_until.is_(None), Import.lease_until <= at))
    query = select(Import.id).where(or_(Import.state == waits, died))
    return list(db.session.scalars(query.order_by(Import.id)))
