"""Rounds of welcome letters, what became of each company, the papers on their way, and the settings."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.companies.models import Company
from eventsys.database import Base, states
from eventsys.piecework import Piecework

WELCOME = "welcome"
"""What `WelcomeLetter.claim` says: of the rows with it there is one a company, ever."""


class RoundState(StrEnum):
    DRAFT = "draft"
    """The list is reckoned anew each time somebody looks; text and strikes can be changed."""
    ASKED = "asked"
    """The list and the letter are frozen, and a colleague reads them."""
    APPROVED = "approved"
    SENT = "sent"
    """The letters by e-mail have a mailing, and the paper is to be printed."""


class Choice(StrEnum):
    """What becomes of a company in a round."""

    EMAIL = "email"
    PAPER = "paper"
    STRUCK = "struck"
    """A colleague said no, and why; it is not asked about again."""
    EXCLUDED = "excluded"
    """A rule says no this time; it may come back in the next round."""


class WelcomeRound(Base):
    """One of the four rounds of a year. Every change of the text or the list raises `version`."""

    __tablename__ = "welcome_round"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[RoundState] = mapped_column(states(RoundState), default=RoundState.DRAFT, index=True)
    registered_until: Mapped[date]
    """Companies registered on that day or earlier are asked about."""
    subject: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    """Sanitised HTML of a few elements, as in articles."""
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    """The gathering for new companies that the letter invites to look at."""
    code_id: Mapped[int | None] = mapped_column(ForeignKey("sign_up_code.id", ondelete="SET NULL"))
    """The QR code to the newsletter in this round's letters, so that its sign-ups are counted."""
    version: Mapped[int] = mapped_column(default=1)
    letter: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The frozen letter: what mail.splice.Rendered.to_bytes wrote."""
    sha256: Mapped[str] = mapped_column(String(64), default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(600), default="")
    """What to change, when it was returned."""
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id"), unique=True)
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    @property
    def name(self) -> str:
        """`Välkomstbrev omgång 4 2026`."""
        return f"Välkomstbrev omgång {self.number} {self.year}"


class WelcomeLetter(Base):
    """What becomes of one company in one round, as it was frozen. While the round is a draft only strikes have rows."""

    __tablename__ = "welcome_letter"
    __table_args__ = (
        UniqueConstraint("company_id", "claim"),
        UniqueConstraint("round_id", "company_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("welcome_round.id", ondelete="CASCADE"))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    claim: Mapped[str | None] = mapped_column(String(12))
    """WELCOME for letters and strikes; None for those a rule left out."""
    choice: Mapped[Choice] = mapped_column(states(Choice))
    reason: Mapped[str] = mapped_column(String(300), default="")
    by: Mapped[str] = mapped_column(String(120), default="")
    """Who struck it."""
    address: Mapped[str] = mapped_column(String(254), default="")
    """Where the letter by e-mail goes, as mail.addresses.comparable makes it; its Delivery has the same."""
    recipient: Mapped[str] = mapped_column(String(200), default="")
    """The company's name as it stands on the letter."""
    care_of: Mapped[str] = mapped_column(String(120), default="")
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(5), default="")
    place: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]

    company: Mapped[Company] = relationship()


class WelcomePaper(Piecework):
    """The PDF of a round's paper letters."""

    __tablename__ = "welcome_paper"

    round_id: Mapped[int] = mapped_column(ForeignKey("welcome_round.id", ondelete="CASCADE"), index=True)
    is_later: Mapped[bool] = mapped_column(default=False)
    """Only for companies that were to get the letter by e-mail, which did not come."""
    mark: Mapped[str] = mapped_column(String(64))
    """Of text, addresses and window as they were when it was asked for; see welcome/paper.py."""
    by: Mapped[str] = mapped_column(String(120), default="")


class Folding(StrEnum):
    """How the A4 is folded, which decides how far down a window may reach."""

    THIRDS = "thirds"
    """In three, for C65 and E65: the first panel is 99 mm."""
    HALF = "half"
    """In two, for C5: the first panel is 148 mm."""


class WelcomeSettings(Base):
    """The one row of settings; without it the defaults hold. Lengths are millimetres from the top left corner."""

    __tablename__ = "welcome_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date | None]
    """Companies registered before this day are not new to us and get no welcome letter."""
    most_months: Mapped[int] = mapped_column(default=12)
    """Older than that a company is not welcomed as new any more."""
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"))
    """The series of the gatherings for new companies."""
    window_left: Mapped[int] = mapped_column(default=110)
    window_top: Mapped[int] = mapped_column(default=45)
    window_width: Mapped[int] = mapped_column(default=85)
    window_height: Mapped[int] = mapped_column(default=30)
    folding: Mapped[Folding] = mapped_column(states(Folding), default=Folding.THIRDS)
