"""Companies: what registrations attach to, never changing what people wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base


class Company(Base):
    """A company or association. `number` is a legal person's organisationsnummer, ten digits; sole traders lack it."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    number: Mapped[str | None] = mapped_column(String(10), unique=True)
    created_at: Mapped[datetime]
