"""What came into the mailbox for bounces, kept before it is taken out of there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base, states
from eventsys.mail.bounces.phrases import Kind


class IncomingLetter(Base):
    """One letter as it came, and what was read in it. The same letter is kept once."""

    __tablename__ = "incoming_letter"
    __table_args__ = (Index("ix_incoming_letter_kind", "kind", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of its bytes."""
    read_at: Mapped[datetime] = mapped_column(index=True)
    raw: Mapped[bytes | None]
    """At most its first 256 kB; None for what people wrote: that stays in the mailbox.

    And None for a letter to somebody who is forgotten.
    """
    kind: Mapped[Kind] = mapped_column(states(Kind))
    is_final: Mapped[bool]
    """False for a warning: they still try."""
    address: Mapped[str] = mapped_column(String(254), default="")
    """As the report gives it; it may be one that our recipient's letters are passed on to."""
    status: Mapped[str] = mapped_column(String(20), default="")
    said: Mapped[str] = mapped_column(String(300), default="")
    """The server's own words."""
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    """The letter of ours that it answers; None when that cannot be said for certain."""
    applied_at: Mapped[datetime | None] = mapped_column(index=True)
    """When its consequences were drawn."""
