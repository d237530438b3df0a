"""Companies and whom we reach there; what registrations attach to, never changing what people wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base


class Company(Base):
    """A company or association. `number` is a legal person's organisationsnummer, ten digits; sole traders lack it."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    number: Mapped[str | None] = mapped_column(String(10), unique=True)
    care_of: Mapped[str] = mapped_column(String(120), default="")
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(5), default="", index=True)
    """Five digits, no space."""
    place: Mapped[str] = mapped_column(String(80), default="")
    refuses_advertising: Mapped[bool] = mapped_column(default=False)
    """Reklamspärr: no letter that it has not asked for."""
    created_at: Mapped[datetime]

    contacts: Mapped[list[Contact]] = relationship(back_populates="company", order_by="Contact.id")


class Contact(Base):
    """Somebody, or an address for all, at a company. One address may stand at several companies."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("company_id", "email_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254))
    """As it was written."""
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    """As mail.addresses.comparable makes it."""
    created_at: Mapped[datetime]

    company: Mapped[Company] = relationship(back_populates="contacts")
