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
    # Taken out of a programme that people know: the row stays, for it must be taken out of their calendars too.
    removed_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    sessions: Mapped[list[Session]] = relationship(
        back_populates="slot",
        primaryjoin="and_(Session.slot_id == Slot.id, Session.removed_at.is_(None))",
        order_by="Session.position, Session.id",
        passive_deletes="all",
    )

    def in_language(self, lang: str, field: str) -> str:
        return in_language(self, lang, field)


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
    removed_at: Mapped[datetime | None]

    slot: Mapped[Slot] = relationship(back_populates="sessions")

    def in_language(self, lang: str, field: str) -> str:
        return in_language(self, lang, field)

    def language_of(self, lang: str, field: str) -> str:
        """The language that `in_language` answers in, for the page's lang attributes."""
        return lang if lang == "sv" or getattr(self, f"{field}_en") else "sv"

    @property
    def speaker_list(self) -> list[tuple[str, str]]:
        """(name, role) of each line of the speakers."""
        pairs = (line.partition(",") for line in self.speakers.splitlines() if line.strip())
        return [(name.strip(), role.strip()) for name, _, role in pairs]


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
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    state: Mapped[ChoiceState] = mapped_column(states(ChoiceState))
    queued_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    attendee: Mapped[Attendee] = relationship()
    session: Mapped[Session] = relationship()


def in_language(row: Slot | Session, lang: str, field: str) -> str:
    """A text in the page's language, or in Swedish where there is none."""
    swedish: str = getattr(row, field)
    return swedish if lang == "sv" else (getattr(row, f"{field}_en") or swedish)
