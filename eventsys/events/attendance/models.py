"""Papers that take long to make: asked for by a person, made by a worker, fetched, forgotten."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.events.models import Event


class PaperState(StrEnum):
    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class Paper(Base):
    """One paper for one person of the staff. Its content holds names, so it is deleted by the clock soon after."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))  # badges, door_list ...
    state: Mapped[PaperState] = mapped_column(states(PaperState))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]  # a worker is at it; after this another takes it over
    file_name: Mapped[str] = mapped_column(String(160), default="")
    content_type: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
