"""Which workers live, and what is the matter: a row per trouble, so that nobody is told of it twice."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base, states


class Worker(Base):
    """A worker process that says that it lives. It takes its row away when it ends; a killed one cannot."""

    __tablename__ = "worker"

    holder: Mapped[str] = mapped_column(String(20), primary_key=True)
    """The name under which its process holds leases."""
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Kind(StrEnum):
    """What can be the matter."""

    CLOCK = "clock"
    WORKERS = "workers"
    """Told by the page and the figures only: without a worker no letter leaves."""
    LETTERS = "letters"
    RELAY = "relay"
    MAILINGS = "mailings"
    IMPORTS = "imports"
    ERASING = "erasing"
    RETENTION = "retention"
    DISK = "disk"


class Trouble(Base):
    """Something that is, or was, the matter. There is one of a kind at a time."""

    __tablename__ = "trouble"
    __table_args__ = (
        Index(
            "uq_trouble_kind_open",
            "kind",
            unique=True,
            sqlite_where=text("over_at IS NULL"),
            postgresql_where=text("over_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(states(Kind))
    detail: Mapped[str] = mapped_column(String(300), default="")
    """How it stood when it was last seen, in Swedish."""
    begun_at: Mapped[datetime]
    """Since when, as far as rows tell."""
    noticed_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the last letter about it was posted; None while it has not lasted."""
    over_at: Mapped[datetime | None]
