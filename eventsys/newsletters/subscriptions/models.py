"""Readers and what they want, the sign-ups that wait for a confirmation, and every consent as it was given."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states


class Way(StrEnum):
    """How somebody came to a list."""

    PAGE = "page"
    CODE = "code"
    """By the QR code of a presenter; the row says which."""
    REGISTRATION = "registration"
    IMPORT = "import"
    STAFF = "staff"


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    ENDED = "ended"


class ConsentAct(StrEnum):
    GIVEN = "given"
    IMPORTED = "imported"
    WITHDRAWN = "withdrawn"
    COMPLAINED = "complained"


class SignUpCode(Base):
    """A named QR code that leads to the sign-up page, so that we know where people came from."""

    __tablename__ = "sign_up_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    made_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Reader(Base):
    """An address that we write newsletters to, or did. It has subscriptions, or was written to as a company's."""

    __tablename__ = "reader"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    """Stands in the links of every letter: preferences, and leaving."""
    address: Mapped[str] = mapped_column(String(254), unique=True)
    """As mail.addresses.comparable makes it."""
    name: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"), index=True)
    lang: Mapped[str] = mapped_column(String(2), default="sv")
    added_at: Mapped[datetime]
    refused_at: Mapped[datetime | None]
    """Wants no letter of any list, nor those to all companies."""

    subscriptions: Mapped[list[Subscription]] = relationship(back_populates="reader", order_by="Subscription.id")


class Subscription(Base):
    """One list that a reader has, or has left. A reader without a row never asked for that list."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("reader_id", "list"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"))
    list: Mapped[str] = mapped_column(String(40), index=True)
    """A key of lists.py."""
    state: Mapped[SubscriptionState] = mapped_column(states(SubscriptionState), default=SubscriptionState.ACTIVE)
    way: Mapped[Way] = mapped_column(states(Way))
    code_id: Mapped[int | None] = mapped_column(ForeignKey("sign_up_code.id", ondelete="SET NULL"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    why_ended: Mapped[str] = mapped_column(String(300), default="")
    """What the reader answered when asked why, if anything."""

    reader: Mapped[Reader] = relationship(back_populates="subscriptions")


class Consent(Base):
    """What a reader agreed to or withdrew, when and how. Rows are only ever added."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"), index=True)
    list: Mapped[str] = mapped_column(String(40))
    act: Mapped[ConsentAct] = mapped_column(states(ConsentAct))
    at: Mapped[datetime] = mapped_column(index=True)
    way: Mapped[Way] = mapped_column(states(Way))
    code_id: Mapped[int | None] = mapped_column(ForeignKey("sign_up_code.id", ondelete="SET NULL"))
    text_version: Mapped[str] = mapped_column(String(20), default="")
    """Which words the person agreed to (subscriptions/words.py keeps them all)."""
    ground: Mapped[str] = mapped_column(String(300), default="")
    """For what was imported: why we may write to them."""


class SignUp(Base):
    """Somebody asked for letters. Nothing is sent but the question whether that is true, until it is confirmed.

    With a `reader_id` it is that reader who wants another address.
    """

    __tablename__ = "sign_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    lists: Mapped[list[str]] = mapped_column(JSON, default=list)
    lang: Mapped[str] = mapped_column(String(2), default="sv")
    way: Mapped[Way] = mapped_column(states(Way))
    code_id: Mapped[int | None] = mapped_column(ForeignKey("sign_up_code.id", ondelete="SET NULL"))
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"))
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), unique=True
    )  # fmt: skip
    """The registration on which the box was ticked."""
    text_version: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
