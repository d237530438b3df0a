"""Who did, saw, exported, sent and deleted what. Rows are only ever added."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.clock import now
from eventsys.database import Base, db

CLOCK = "klockan"
PUBLIC = "besökare"

acting: ContextVar[str] = ContextVar("eventsys_acting", default=CLOCK)


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
    entry = AuditEntry(at=now(), actor=acting.get(), action=action, subject=subject, detail=detail)
    db.session.add(entry)
    return entry
