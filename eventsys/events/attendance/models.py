"""Papers that take long to make: asked for by a person, made by a worker, fetched, forgotten."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.events.models import Event
from eventsys.piecework import Piecework


class Paper(Piecework):
    """One paper for one person of the staff."""

    __tablename__ = "paper"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))  # badges, door_list ...
    file_name: Mapped[str] = mapped_column(String(160), default="")
    content_type: Mapped[str] = mapped_column(String(80), default="")

    event: Mapped[Event] = relationship()
