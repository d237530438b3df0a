"""What to bring up at an event, and themes for a series."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base
from eventsys.events.models import Event, Series


class TalkingPoint(Base):
    """A message that the speaker of the day brings up."""

    __tablename__ = "talking_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(String(300))
    added_by: Mapped[str] = mapped_column(String(120), default="")
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()


class Theme(Base):
    """Something companies want to hear about, noted at a visit; taken up at an event of the series, or put away."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    heard_at: Mapped[str] = mapped_column(String(160), default="")  # "Besök hos ...", as the person wrote it
    added_by: Mapped[str] = mapped_column(String(120), default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    put_away_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    series: Mapped[Series] = relationship()
    event: Mapped[Event | None] = relationship()
