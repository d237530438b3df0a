"""The plan of a year, its goals, what is entered by hand, what colleagues judged, and what was settled when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.events.models import Series


class Direction(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class ByHand(StrEnum):
    """How entries become a figure."""

    SUM = "sum"
    LATEST = "latest"


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class YearPlan(Base):
    """The plan of one year. Whoever changes what belongs to it locks this row."""

    __tablename__ = "year_plan"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    copied_from: Mapped[int | None]
    """The year whose goals it began with; None for the first."""
    made_by: Mapped[str] = mapped_column(String(120), default="")
    made_at: Mapped[datetime]


class Goal(Base):
    """Something the year's plan wants. Its figure is one the system takes (`figure`), or entered by hand."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("(figure = '') = (by_hand IS NOT NULL)", name="one_origin"),
        CheckConstraint("series_id IS NULL OR figure <> ''", name="series_of_figure"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("year_plan.year"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    focus_area: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(160))
    unit: Mapped[str] = mapped_column(String(40), default="")
    target: Mapped[float | None]
    direction: Mapped[Direction] = mapped_column(states(Direction), default=Direction.AT_LEAST)
    figure: Mapped[str] = mapped_column(String(40), default="")
    """A key of figures.catalogue.FIGURES; empty when it is entered by hand."""
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    """Counted over this series only."""
    by_hand: Mapped[ByHand | None] = mapped_column(states(ByHand))
    to_stratsys: Mapped[bool] = mapped_column(default=False)
    """Marked with * in the plan: it goes into the city's system Stratsys."""
    explanation: Mapped[str] = mapped_column(Text, default="")
    removed_at: Mapped[datetime | None]
    """Out of the plan; what was said about it stays."""
    created_at: Mapped[datetime]

    series: Mapped[Series | None] = relationship()


class HandEntry(Base):
    """A figure that somebody wrote down. Never changed: it is taken back, and another is written."""

    __tablename__ = "hand_entry"
    __table_args__ = (CheckConstraint("amount IS NOT NULL OR words <> ''", name="says_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    day: Mapped[date]
    amount: Mapped[float | None]
    words: Mapped[str] = mapped_column(String(80), default="")
    """For what is no number: `plats 112 av 290`."""
    note: Mapped[str] = mapped_column(String(300), default="")
    added_by: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]
    taken_back_by: Mapped[str] = mapped_column(String(120), default="")
    taken_back_at: Mapped[datetime | None]


class Assessment(Base):
    """What somebody judged of a goal for a half-year. Rows are only added; the latest holds."""

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_goal_half", "goal_id", "half"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    half: Mapped[int]
    light: Mapped[Light] = mapped_column(states(Light))
    comment: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class Settlement(Base):
    """The report of a half-year as it was settled, with its figures. Opened again it stays, as history."""

    __tablename__ = "settlement"
    __table_args__ = (
        Index(
            "uq_settlement_in_force", "year", "half", unique=True,
            sqlite_where=text("reopened_at IS NULL"), postgresql_where=text("reopened_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("year_plan.year"))
    half: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The goals in their order with figure, base, light and comment, as reports.frozen wrote them."""
    settled_by: Mapped[str] = mapped_column(String(120))
    settled_at: Mapped[datetime]
    reopened_by: Mapped[str] = mapped_column(String(120), default="")
    reopened_at: Mapped[datetime | None]
    reopened_why: Mapped[str] = mapped_column(String(300), default="")
