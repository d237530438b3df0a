"""Runs that destroyed something, and what they destroyed: together the gallringsprotokoll."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.retention import Deed


class RetentionRun(Base):
    """One run. Its lines are counted up in the same transactions as what they count is destroyed."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    night: Mapped[date | None] = mapped_column(unique=True)
    """The day whose nightly run it is; None for one that somebody asked for."""
    begun_by: Mapped[str] = mapped_column(String(120))
    begun_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None] = mapped_column(index=True)

    lines: Mapped[list[RetentionLine]] = relationship(back_populates="run", order_by="RetentionLine.id")

    @property
    def destroyed(self) -> int:
        return sum(line.destroyed for line in self.lines)


class RetentionLine(Base):
    """One category in a run, with the rule as it was when the run began."""

    __tablename__ = "retention_line"
    __table_args__ = (UniqueConstraint("run_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("retention_run.id", ondelete="CASCADE"))
    category: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(160))
    """In words: `12 månader efter evenemanget`."""
    reference: Mapped[str] = mapped_column(String(120), default="")
    decided_on: Mapped[date | None]
    deed: Mapped[Deed] = mapped_column(states(Deed))
    before: Mapped[datetime]
    """What had its moment before this."""
    due: Mapped[int]
    """How many there were when the run began."""
    destroyed: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(200), default="")

    run: Mapped[RetentionRun] = relationship(back_populates="lines")
