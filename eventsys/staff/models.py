"""Staff accounts and their roles."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
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

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[self.role]

    @property
    def state(self) -> AccountState:
        if self.closed_at is not None:
            return AccountState.CLOSED
        return AccountState.OPEN if self.password_hash else AccountState.INVITED

    @property
    def state_label(self) -> str:
        return ACCOUNT_STATE_LABELS[self.state]

    @property
    def actor(self) -> str:
        """How the audit trail names this person, within the length of its column."""
        return f"{self.name[:60]} <{self.email}>"[:120]

    def is_locked(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until


class EndedSession(Base):
    """A session that somebody signed out of, kept while a copy of its cookie could still be shown."""

    __tablename__ = "ended_session"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(index=True)
