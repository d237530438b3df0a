"""Who was asked to come to a closed event, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.events.models import SORT_KEY, Attendee, Event


class InvitationState(StrEnum):
    LISTED = "listed"  # on the guest list, nothing sent yet
    SENT = "sent"  # waits for an answer
    YES = "yes"
    NO = "no"
    HANDED_ON = "handed_on"  # to a colleague, who has an invitation of their own
    REQUESTED = "requested"  # somebody not invited asks for a place; staff decide
    REFUSED = "refused"  # staff said no to the request
    WITHDRAWN = "withdrawn"


class Invitation(Base):
    """One person asked to one event, by a personal link. One for each address and event."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("event_id", "email_key"),
        Index("ix_invitation_event_state", "event_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    state: Mapped[InvitationState] = mapped_column(states(InvitationState))
    token: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    sort_key: Mapped[str] = mapped_column(SORT_KEY, default="")
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    company_name: Mapped[str] = mapped_column(String(200), default="")
    company_number: Mapped[str | None] = mapped_column(String(10))
    lang: Mapped[str] = mapped_column(String(2), default="sv")
    origin: Mapped[str] = mapped_column(String(160), default="")  # "Deltog i Update Borås 4 mars", "Fil", "För hand"
    note: Mapped[str] = mapped_column(String(300), default="")  # what somebody who asks for a place writes
    handed_from_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="SET NULL"), index=True)
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)  # how many reminders have been posted
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    attendee: Mapped[Attendee | None] = relationship()
    handed_from: Mapped[Invitation | None] = relationship(remote_side=id)
