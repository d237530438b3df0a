"""What people ask of us about their own data, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base, states


class Wish(StrEnum):
    """What somebody asks (GDPR art. 15, 16 and 17)."""

    EXTRACT = "extract"
    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    ASKED = "asked"
    """Not confirmed from the mailbox yet; nobody sees it, and it is deleted when its link ends."""
    WAITING = "waiting"
    """For staff, until `due_on`."""
    ERASING = "erasing"
    """Decided. The last letter is on its way; when it has left the person is forgotten, by the clock."""
    DONE = "done"
    REFUSED = "refused"


class PersonRequest(Base):
    """One request of one person. When it has led to erasing it holds neither name nor address any more."""

    __tablename__ = "person_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    """Stands in the link of the letter that asks whether it is true."""
    wish: Mapped[Wish] = mapped_column(states(Wish))
    state: Mapped[RequestState] = mapped_column(states(RequestState), default=RequestState.ASKED, index=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    """As mail.addresses.comparable makes it; empty once the person is forgotten."""
    name: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    """What the person wrote; of a request begun by staff, how it is known who asks."""
    lang: Mapped[str] = mapped_column(String(2), default="sv")
    begun_by: Mapped[str] = mapped_column(String(120), default="")
    """Staff who began it for somebody; empty when it came by the form."""
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Of the link."""
    confirmed_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    """Art. 12.3: a month from when we had it."""
    trouble: Mapped[str] = mapped_column(String(300), default="")
    """Why the erasing that was decided did not happen, in Swedish."""
    outcome: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What goes and what remains and why, as it was decided; then what was done. Never whose."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why we said no, as the person was told."""
    handled_by: Mapped[str] = mapped_column(String(120), default="")
    handled_at: Mapped[datetime | None]
    last_letter_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"))

    @property
    def is_open(self) -> bool:
        return self.state is RequestState.WAITING
