"""Who took out what of an event last, from the audit trail."""

from __future__ import annotations

from sqlalchemy import func, select

from eventsys.audit import AuditEntry
from eventsys.database import db
from eventsys.events.attendance import papers, representation
from eventsys.events.attendance.exporting import EXPORTED
from eventsys.events.models import Event

KITCHEN, NAMES_SEEN = "kitchen.taken_out", "diet.names_seen"
ACTS = (EXPORTED, KITCHEN, NAMES_SEEN, representation.TAKEN_OUT, *papers.TAKEN_OUT.values())


def last_taken_out(event: Event) -> dict[str, AuditEntry]:
    """The latest entry of each act by which something was taken out; acts that nobody did are not there."""
    latest = (
        select(func.max(AuditEntry.id))
        .where(AuditEntry.subject == f"event:{event.id}", AuditEntry.action.in_(ACTS))
        .group_by(AuditEntry.action)
    )
    entries = db.session.execute(select(AuditEntry).where(AuditEntry.id.in_(latest))).scalars()
    return {entry.action: entry for entry in entries}
