"""Letters on their way. Every recipient is at all times in exactly one known state, and `unknown` is one of them."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum, StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base, states
from eventsys.personal import FORGOTTEN, is_forgotten


class State(StrEnum):
    """Where a letter is. `in_flight` is saved before the final dot of DATA, its outcome after the answer."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    IN_FLIGHT = "in_flight"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


WAITING = (State.QUEUED, State.CLAIMED, State.IN_FLIGHT, State.DEFERRED)

# The whole table of changes. What is not here does not happen (tests/mail holds the code to it).
CHANGES: dict[State, tuple[State, ...]] = {
    State.QUEUED: (State.CLAIMED, State.SKIPPED, State.UNKNOWN),  # unknown only in a restored backup
    State.DEFERRED: (State.CLAIMED, State.SKIPPED, State.UNKNOWN),
    State.CLAIMED: (State.IN_FLIGHT, State.QUEUED, State.SKIPPED, State.REJECTED, State.DEFERRED, State.UNKNOWN),
    State.IN_FLIGHT: (State.ACCEPTED, State.DEFERRED, State.REJECTED, State.QUEUED, State.UNKNOWN),
    State.UNKNOWN: (State.ACCEPTED, State.QUEUED),
    State.REJECTED: (State.QUEUED,),
    State.ACCEPTED: (State.BOUNCED, State.COMPLAINED),
    State.BOUNCED: (State.COMPLAINED,),
    State.COMPLAINED: (),
    State.SKIPPED: (),
}


class Priority(IntEnum):
    """Lower goes first: what a person waits for, before what we want to tell many."""

    CONFIRMATION = 0
    REMINDER = 3
    SEED = 5
    """The first letters of a mailing, to ourselves; the rest may be held back until they were looked at."""
    MAILING = 6


class MailingState(StrEnum):
    DRAFT = "draft"
    PREPARED = "prepared"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class Mailing(Base):
    """Many letters that belong together: prepared, started, paused and cancelled together (see mailings/)."""

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(60), default="")
    """What staff see it under; its deliveries have the same."""
    state: Mapped[MailingState] = mapped_column(states(MailingState), default=MailingState.DRAFT, index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it is paused, in Swedish, when nobody pressed the button."""
    created_at: Mapped[datetime]
    prepared_at: Mapped[datetime | None]
    letter: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The frozen letter, exactly the bytes of `sha256`."""
    sha256: Mapped[str] = mapped_column(String(64), default="")
    starts_at: Mapped[datetime | None]
    not_after: Mapped[datetime | None]
    """One that has not begun by then does not begin by itself: a restored backup must not send old mail."""
    begun_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    """When letters of it were claimed last; one that stood still for long does not go on by itself either."""
    hold_seconds: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None]
    """All but the seeds wait until then; reckoned from the moment it began."""
    refusals: Mapped[int] = mapped_column(default=0)
    """How many of its letters in a row failed for a fault of ours."""
    finished_at: Mapped[datetime | None]


class MailingExclusion(Base):
    """Somebody a mailing was meant for, and why no letter was posted."""

    __tablename__ = "mailing_exclusion"

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(300))


class Delivery(Base):
    """One letter to one address."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("mailing_id", "address", name="uq_delivery_mailing_id_address"),
        Index("ix_delivery_claim", "mailing_id", "state", "priority", "id"),
        Index("ix_delivery_lease", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id"))
    purpose_key: Mapped[str] = mapped_column(String(200), unique=True)
    """What this letter is for, once and for all: `reminder:event42:attendee17:T-24h`."""
    letter: Mapped[str] = mapped_column(String(80))
    """Name in the registry of letters, which is also the folder under emails/."""
    subject_id: Mapped[int]
    """The row the letter is about; `build` and `unwanted` of the letter find it by this."""
    about: Mapped[str] = mapped_column(String(60), default="", index=True)
    """What staff see it under: `event:5`, `registration:17`."""
    address: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    """Whom the addressee belongs to, as it stood when the letter was posted; only for lists."""
    lang: Mapped[str] = mapped_column(String(2), default="sv")
    subject: Mapped[str] = mapped_column(String(300), default="")
    """The subject line as it was last sent; empty until then."""
    state: Mapped[State] = mapped_column(states(State), default=State.QUEUED)
    priority: Mapped[int] = mapped_column(default=int(Priority.CONFIRMATION))
    not_before: Mapped[datetime]
    not_after: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    """Stands in the Message-ID and in the envelope sender, so that a bounce finds its letter."""
    message_id: Mapped[str] = mapped_column(String(300))
    """Without angle brackets; the same on every attempt."""
    smtp_code: Mapped[int | None]
    smtp_reply: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it is in this state, in Swedish, for staff."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]


class DeliveryEvent(Base):
    """One change of state. Rows are only ever added."""

    __tablename__ = "delivery_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    was: Mapped[State | None] = mapped_column(states(State))
    became: Mapped[State] = mapped_column(states(State))
    smtp_code: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text, default="")


class Suppression(Base):
    """An address that gets nothing more from us, until staff lift it."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index(
            "uq_suppression_address_active",
            "address",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"))
    """The letter that came back, or was refused, when that is why."""
    added_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(String(120), default="")

    @property
    def shown_address(self) -> str:
        """As staff read it: of somebody forgotten only a hash is kept."""
        return FORGOTTEN if is_forgotten(self.address) else self.address


class Relay(Base):
    """What all processes together know about one mail relay: its pace, today's count, and whether it is stopped."""

    __tablename__ = "relay"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    """host:port"""
    next_slot_at: Mapped[datetime]
    """No letter may leave before; every claimed letter moves it on by one spacing."""
    day: Mapped[date]
    """The Swedish day that `sent_today` counts."""
    sent_today: Mapped[int] = mapped_column(default=0)
    stopped_until: Mapped[datetime | None]
    stop_reason: Mapped[str] = mapped_column(String(300), default="")
    failures: Mapped[int] = mapped_column(default=0)
    """How many times in a row it could not be reached."""
    refusals: Mapped[int] = mapped_column(default=0)
    """How many letters in a row it refused for reasons that are ours: policy, sign-in."""
