"""Imports that nobody finished are cancelled; what the lines of old ones said is forgotten, their counts stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from eventsys.companies.imports.reading import cancel
from eventsys.companies.imports.receiving import delete_orphans, has_orphans
from eventsys.companies.models import Import, ImportLine, ImportState
from eventsys.database import db

KEPT = timedelta(days=30)
"""The report of an import that is done."""
ASKED = timedelta(days=7)
"""How long a report waits for somebody to say yes."""
ABANDONED = "Ingen sa ja inom en vecka, så inget lästes in. Läs in filen igen om den behövs."


def has_something_to_forget(at: datetime) -> bool:
    old = select(exists().where(ImportLine.import_id == Import.id, Import.done_at < at - KEPT))
    waits = select(exists().where(Import.state == ImportState.READ, Import.read_at < at - ASKED))
    return bool(db.session.scalar(waits) or db.session.scalar(old)) or has_orphans()


def forget(at: datetime) -> None:
    """Cancel imports that nobody said yes to, forget old reports, delete stray files. Flushes, does not commit."""
    waits = select(Import.id).where(Import.state == ImportState.READ, Import.read_at < at - ASKED)
    for import_id in db.session.scalars(waits).all():
        cancel(import_id, at, ABANDONED)
    old = select(Import.id).where(Import.done_at < at - KEPT)
    db.session.execute(delete(ImportLine).where(ImportLine.import_id.in_(old)))
    delete_orphans()
    db.session.flush()
