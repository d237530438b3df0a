"""Links and files that belong to an event."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base
from eventsys.events.models import Event


class Material(Base):
    """A link or a file. Seen by staff only until it is published, then by those who came, or by everybody."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(160))
    url: Mapped[str] = mapped_column(String(500), default="")  # of a link; empty for a file
    file_name: Mapped[str] = mapped_column(String(160), default="")
    content_type: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int] = mapped_column(default=0)  # bytes
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    public: Mapped[bool] = mapped_column(default=False)  # also on the event's public page
    published_at: Mapped[datetime | None]  # to those who came
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()

    @property
    def what(self) -> str:
        """`PDF, 2,4 MB`, or the host of a link."""
        if self.url:
            return urlsplit(self.url).hostname or ""
        return f"{self.file_name.rpartition('.')[2].upper()}, {_size(self.size)}"


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB".replace(".", ",") if size >= 1024 * 1024 else f"{max(1, size // 1024)} kB"
