"""The protocols: runs that destroyed something, on the page, as a table and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from eventsys import documents
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.paging import Paged
from eventsys.privacy.retention.models import RetentionLine, RetentionRun
from eventsys.retention import Deed
from eventsys.sheets import Cell, FileKind, sheet

DEEDS = {Deed.DELETED: "Borttagna", Deed.NAMELESS: "Gjorda namnlösa"}
COLUMNS = (
    "Vad", "Hur", "Antal", "Regel", "Beslut", "Beslutat", "Före", "Påbörjat", "Avslutat", "Anmärkning",
)  # fmt: skip
BY_DEFAULT = "Gäller utan beslut"


@dataclass(frozen=True)
class ProtocolPage(Paged):
    """Runs that destroyed, or are destroying, something: newest first. Nights without anything due are not shown."""

    size: ClassVar[int] = 30

    runs: Sequence[RetentionRun]
    number: int
    total: int


def protocol_page(number: int = 1) -> ProtocolPage:
    """The page of this number, from 1; one too high gives the last."""
    shown = exists().where(RetentionLine.run_id == RetentionRun.id)
    total = db.session.scalar(select(func.count()).select_from(RetentionRun).where(shown)) or 0
    number = max(1, min(number, -(-total // ProtocolPage.size)))
    query = select(RetentionRun).where(shown).options(selectinload(RetentionRun.lines)).order_by(RetentionRun.id.desc())
    runs = db.session.scalars(query.limit(ProtocolPage.size).offset((number - 1) * ProtocolPage.size)).all()
    return ProtocolPage(runs, number, total)


def protocol(run_id: int) -> RetentionRun:
    """A run with its lines. Raises NotFound when there is none, or it had nothing to destroy."""
    query = select(RetentionRun).where(RetentionRun.id == run_id).options(selectinload(RetentionRun.lines))
    run = db.session.scalars(query).one_or_none()
    if run is None or not run.lines:
        raise NotFound
    return run


def protocol_file(run: RetentionRun, kind: FileKind) -> bytes:
    """The protocol as a table."""
    return sheet(kind, COLUMNS, [_row(run, line) for line in run.lines], f"Gallring {local(run.begun_at).date()}")


def _row(run: RetentionRun, line: RetentionLine) -> Sequence[Cell]:
    wall = [local(at).replace(tzinfo=None, microsecond=0) if at else None for at in (run.begun_at, line.finished_at)]
    return (
        line.name, DEEDS[line.deed], line.destroyed, line.rule, line.reference or BY_DEFAULT, line.decided_on,
        local(line.before).date(), *wall, line.remark,
    )  # fmt: skip


def protocol_paper(run: RetentionRun) -> bytes:
    """The protocol on A4. Raises documents.NoPdf."""
    return documents.pdf("privacy/staff/protocol_pdf.html", run=run, deeds=DEEDS, by_default=BY_DEFAULT)
