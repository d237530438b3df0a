"""Doors and what was scanned at them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.models import Session


class Door(Base):
    """A link that lets hosts check people in, with a PIN and without an account; to the event or to one session."""

    __tablename__ = "door"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token: Mapped[str] = mapped_column(String(40), unique=True)
    pin_version: Mapped[int] = mapped_column(default=1)  # the PINs follow from token, version and the secret key
    closed_at: Mapped[datetime | None]  # staff closed it
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    session: Mapped[Session | None] = relationship()


class ScanAct(StrEnum):
    """What the host did."""

    ENTER = "enter"
    WALK_IN = "walk_in"
    UNDO = "undo"


class ScanResult(StrEnum):
    """What the door answered."""

    WELCOME = "welcome"
    ALREADY = "already"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    WRONG_EVENT = "wrong_event"
    WRONG_SESSION = "wrong_session"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    UNDONE = "undone"
    REFUSED = "refused"


class Scan(Base):
    """One act at a door; rows are only added. The nonce makes a retried upload one row.

    `is_entry` marks the one that counts: there is one for each person and place (the event, or a session), held by the
    database. An undo takes the mark away. A second WELCOME of an offline door is kept as ALREADY with `clash` set.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index(
            "uq_scan_entry_event", "attendee_id", unique=True,
            sqlite_where=text("is_entry AND session_id IS NULL"),
            postgresql_where=text("is_entry AND session_id IS NULL"),
        ),
        Index(
            "uq_scan_entry_session", "attendee_id", "session_id", unique=True,
            sqlite_where=text("is_entry AND session_id IS NOT NULL"),
            postgresql_where=text("is_entry AND session_id IS NOT NULL"),
        ),
        Index("ix_scan_event_at", "event_id", "at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(40), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), index=True)
    act: Mapped[ScanAct] = mapped_column(states(ScanAct))
    result: Mapped[ScanResult] = mapped_column(states(ScanResult))
    is_entry: Mapped[bool] = mapped_column(default=False)
    clash: Mapped[bool] = mapped_column(default=False)  # admitted offline although somebody was in on this ticket
    was_offline: Mapped[bool] = mapped_column(default=False)
    by_supervisor: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(String(40), default="")  # random, made by the page; tells two phones apart
    client_at: Mapped[datetime | None]  # by the device's clock
    at: Mapped[datetime]  # when the server heard of it

    door: Mapped[Door] = relationship()
    attendee: Mapped[Attendee | None] = relationship()
