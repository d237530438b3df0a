"""Staff accounts and their roles."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base, states


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    EDITOR = "editor"
    HOST = "host"
    CO_ORGANISER = "co_organiser"


ROLE_LABELS = {
    Role.ADMINISTRATOR: "Administratör",
    Role.ORGANISER: "Arrangör",
    Role.EDITOR: "Redaktör",
    Role.HOST: "Värd",
    Role.CO_ORGANISER: "Medarrangör",
}

# What each role may do, as editors read it. The guards hold it; docs/for-editors.md says the same.
ROLE_MEANINGS = {
    Role.ADMINISTRATOR: "Allt, även konton och inställningar.",
    Role.ORGANISER: "Evenemang, anmälningar och Företagsamt.",
    Role.EDITOR: "Texter i evenemang, och Företagsamt. Kan inte ta ut listor över personer.",
    Role.HOST: "Ser dagens evenemang och deltagare, och checkar in.",
    Role.CO_ORGANISER: "Som arrangör, men bara i de serier du väljer.",
}


class AccountState(StrEnum):
    INVITED = "invited"
    OPEN = "open"
    CLOSED = "closed"


ACCOUNT_STATE_LABELS = {
    AccountState.INVITED: "Inbjuden",
    AccountState.OPEN: "Öppet",
    AccountState.CLOSED: "Stängt",
}


class Account(Base):
    """A person who may sign in. Without a password until the invitation is accepted."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # as forms.normal_email makes it
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(states(Role))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    failed_tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    sessions_valid_from: Mapped[datetime]  # a session begun earlier is signed out
    invitation_token: Mapped[str | None] = mapped_column(String(40), unique=True)
    invitation_ends_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    second_factor: Mapped[str | None] = mapped_column(String(300))  # the secret of the app's codes, sealed
    second_factor_at: Mapped[datetime | None]
    second_factor_step: Mapped[int] = mapped_column(default=0)  # of the last code taken; none is taken twice
    failed_codes: Mapped[int] = mapped_column(default=0)
    codes_locked_until: Mapped[datetime | None]
    oidc_issuer: Mapped[str | None] = mapped_column(String(255))
    oidc_subject: Mapped[str | None] = mapped_column(String(255))  # who it is at the issuer, from the first sign-in on

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[self.role]

    @property
    def state(self) -> AccountState:
        if self.closed_at is not None:
            return AccountState.CLOSED
        return AccountState.OPEN if self.password_hash or self.is_bound else AccountState.INVITED

    @property
    def state_label(self) -> str:
        return ACCOUNT_STATE_LABELS[self.state]

    @property
    def actor(self) -> str:
        """How the audit trail names this person, within the length of its column."""
        return f"{self.name[:60]} <{self.email}>"[:120]

    @property
    def has_second_factor(self) -> bool:
        return self.second_factor is not None

    @property
    def is_bound(self) -> bool:
        """Does the person sign in by OpenID Connect?"""
        return self.oidc_subject is not None

    def is_locked(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until

    def takes_codes(self, at: datetime) -> bool:
        """Has it waited long enough after wrong codes?"""
        return self.codes_locked_until is None or at >= self.codes_locked_until


class RecoveryCode(Base):
    """A code that signs in once when the phone is lost; only a mark of it is kept, and gone when it is used."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)


class EndedSession(Base):
    """A session that somebody signed out of, kept while a copy of its cookie could still be shown."""

    __tablename__ = "ended_session"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(index=True)
