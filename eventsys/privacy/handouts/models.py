"""What was handed out. Who asked is not kept: they may be anonymous."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base


class Handout(Base):
    """One file that left, without its content."""

    __tablename__ = "handout"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(120))
    """The colleague who handed it out."""
    set_key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    period: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """`first` and `last` day, of a set by period."""
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Those in the file, masked ones too."""
    masked: Mapped[list[str]] = mapped_column(JSON, default=list)
    rows: Mapped[int]
    kind: Mapped[str] = mapped_column(String(4))
    case_number: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    """How the masking was decided. Never who asked."""
