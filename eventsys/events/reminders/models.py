"""What the clock sends about an event, and when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.events.models import Event


class ReminderKind(StrEnum):
    WEEK = "week"  # a week before
    DAY = "day"  # the working day before
    COMING = "coming"  # the working day before, with the question whether they come
    AFTER = "after"  # thanks to those who came, a line to those who did not
    SILENT = "silent"  # to those who have not answered their invitation


class Reminder(Base):
    """One round of letters for one event. The row says when; the purpose keys see to it that nobody gets two."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("event_id", "kind"), Index("ix_reminder_due", "finished_at", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind] = mapped_column(states(ReminderKind))
    due_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    posted: Mapped[int] = mapped_column(default=0)  # letters, all rounds together

    event: Mapped[Event] = relationship()
