"""Slots of a programme, the sessions in them, and what people chose."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.events.models import Attendee, Event


class ChoiceState(StrEnum):
    HELD = "held"  # the place is theirs
    WAITING = "waiting"  # in the session's own queue, perhaps holding another place in the slot meanwhile
    LEFT = "left"


class Slot(Base):
    """A stretch of the programme: either one session for everybody, or several side by side to choose one of."""

    __tablename__ = "slot"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")  # "Workshoppar 1", "Tillfälle 2"; may be empty
    name_en: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    has_choice: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship()
    sessions: Mapped[list[Session]] = relationship(
        back_populates="slot", order_by="Session.position, Session.id", cascade="all, delete-orphan"
    )


class Session(Base):
    """What happens in one room during a slot. Capacity counts only where there is a choice; else the event's holds."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    speakers: Mapped[str] = mapped_column(Text, default="")  # a line a person: "Namn, roll"
    room: Mapped[str] = mapped_column(String(160), default="")
    capacity: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)  # rises when time or room changes

    slot: Mapped[Slot] = relationship(back_populates="sessions")


class SessionChoice(Base):
    """One person's place, or place in the queue, in one session. Never two places in one slot, by the database."""

    __tablename__ = "session_choice"
    __table_args__ = (
        Index("ix_session_choice_session_state_queued", "session_id", "state", "queued_at", "id"),
        Index(
            "uq_session_choice_attendee_slot_held", "attendee_id", "slot_id", unique=True,
            sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'"),
        ),
        Index(
            "uq_session_choice_attendee_slot_waiting", "attendee_id", "slot_id", unique=True,
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    state: Mapped[ChoiceState] = mapped_column(states(ChoiceState))
    queued_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    attendee: Mapped[Attendee] = relationship()
    session: Mapped[Session] = relationship()
