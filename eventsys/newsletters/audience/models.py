"""Segments: a part of the readers or companies that staff gave a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base


class Segment(Base):
    """A named choice. `base` is a key of lists.py or `companies`; `rules` narrow it (see audience/choosing.py)."""

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    base: Mapped[str] = mapped_column(String(40))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
