"""Who did, saw, exported, sent and deleted what. Rows are only ever added: the session refuses everything else."""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, TextClause, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from eventsys.clock import now
from eventsys.database import Base, db

CLOCK = "klockan"
PUBLIC = "besökare"

acting: ContextVar[str] = ContextVar("eventsys_acting", default=CLOCK)
retelling: ContextVar[datetime | None] = ContextVar("eventsys_retelling", default=None)
"""The moment told of, in the demonstration alone, whose story lies in the past; otherwise acts are noted at once."""


class AuditEntry(Base):
    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def act_as(actor: str) -> None:
    """From here on, in this request or job, what is recorded is recorded as done by this actor."""
    acting.set(actor)


def record(action: str, subject: str, **detail: Any) -> AuditEntry:
    """Note an act, in the caller's transaction; the row it became has its id after the next flush.

    `action` is a word of the domain (`event.published`), `subject` a kind and an id (`event:12`); the detail holds
    counts and field names, never names of people, addresses or diets.
    """
    entry = AuditEntry(at=retelling.get() or now(), actor=acting.get(), action=action, subject=subject, detail=detail)
    db.session.add(entry)
    return entry


# --- nothing is changed afterwards --------------------------------------------------------------------------------


class TrailStands(RuntimeError):
    """Code tried to change or delete what the audit trail says. A fault of ours, never of whoever uses the pages."""


_CHANGING_TEXT = re.compile(r"\b(update|delete|insert|replace|truncate|drop|alter)\b.*\baudit_entry\b", re.I | re.S)


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse_row(*_args: Any) -> None:
    raise TrailStands


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    """Statements over many rows pass by the mapper; written-out SQL passes by everything but this."""
    statement = state.statement
    if isinstance(statement, TextClause):
        changes = _CHANGING_TEXT.search(statement.text) is not None
    else:
        table = getattr(statement, "table", None)  # the mapper's own copy of it, so by name
        changes = (state.is_update or state.is_delete) and getattr(table, "name", "") == AuditEntry.__tablename__
    if changes:
        raise TrailStands
