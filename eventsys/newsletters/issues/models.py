"""Issues, the articles in them and those that are only an idea, their pictures, and proofs of the finished letter."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states


class IssueState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    """Approved, and due at `sends_at`."""
    LEAVING = "leaving"
    """Its mailing is frozen; from here on the mailing says how it goes."""
    CANCELLED = "cancelled"


class ArticleKind(StrEnum):
    ARTICLE = "article"
    EVENT = "event"
    """One event, with its facts from the calendar."""
    EVENT_LIST = "event_list"
    """What is on next, drawn from the calendar when the letter is made."""
    PROCUREMENT = "procurement"
    """A current procurement: who buys, and the last day for tenders."""


class ArticleState(StrEnum):
    IDEA = "idea"
    DRAFT = "draft"
    READY = "ready"


class Issue(Base):
    """One number of Företagsamt. Every change of what it says raises `version`; a proof holds for one version."""

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[IssueState] = mapped_column(states(IssueState), default=IssueState.DRAFT, index=True)
    subject: Mapped[str] = mapped_column(String(200), default="")
    preheader: Mapped[str] = mapped_column(String(200), default="")
    meeting_at: Mapped[datetime | None]
    """The editorial meeting."""
    manuscript_on: Mapped[date | None]
    proof_on: Mapped[date | None]
    send_on: Mapped[date | None]
    """The day of the year plan; `sends_at` is what was decided."""
    audience: Mapped[str] = mapped_column(String(60), default="foretagsamt")
    """A key of lists.py, `companies`, or `segment:ID`."""
    version: Mapped[int] = mapped_column(default=1)
    sends_at: Mapped[datetime | None]
    hold_minutes: Mapped[int] = mapped_column(default=10)
    """So long the seeds have it before everybody else; 0 for none."""
    trouble: Mapped[str] = mapped_column(String(300), default="")
    """Why it did not leave when it was due, in Swedish."""
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id"), unique=True)
    published_at: Mapped[datetime | None]
    """When it first went out. It stands in the archive while it `is_out`."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    articles: Mapped[list[Article]] = relationship(back_populates="issue", order_by="Article.position, Article.id")

    @property
    def name(self) -> str:
        """`Företagsamt nr 4 2026`."""
        return f"Företagsamt nr {self.number} {self.year}"

    @property
    def is_out(self) -> bool:
        """Whether everybody may read it and its readers answer; queries.OUT says the same. A draft is reworked."""
        return self.published_at is not None and self.state is IssueState.LEAVING


class Picture(Base):
    """A picture as we serve it: checked, turned upright, scaled, without what cameras write into files."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    content_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    uploaded_by: Mapped[str] = mapped_column(String(120), default="")
    uploaded_at: Mapped[datetime]


class Article(Base):
    """Something to tell. Without an issue it is an idea for a later one."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    """Stands in the links to what readers say of it."""
    kind: Mapped[ArticleKind] = mapped_column(states(ArticleKind), default=ArticleKind.ARTICLE)
    state: Mapped[ArticleState] = mapped_column(states(ArticleState), default=ArticleState.IDEA)
    position: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    heading: Mapped[str] = mapped_column(String(200), default="")
    lead: Mapped[str] = mapped_column(String(600), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    """Sanitised HTML of a few elements: div p br strong em del a h3 ul ol li blockquote."""
    note: Mapped[str] = mapped_column(Text, default="")
    """For colleagues; never printed."""
    link_url: Mapped[str] = mapped_column(String(500), default="")
    link_text: Mapped[str] = mapped_column(String(80), default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"))
    alt: Mapped[str] = mapped_column(String(300), default="")
    """What the picture shows, for those who do not see it."""
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    buyer: Mapped[str] = mapped_column(String(120), default="")
    last_day: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    issue: Mapped[Issue | None] = relationship(back_populates="articles")
    picture: Mapped[Picture | None] = relationship()


class Proof(Base):
    """The finished letter as exact bytes, for one colleague to approve who did not ask for it."""

    __tablename__ = "proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"), index=True)
    issue_version: Mapped[int]
    letter: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """What mail.splice.Rendered.to_bytes wrote."""
    sha256: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(600), default="")
    """What to change, when it was returned."""


class NewsletterSettings(Base):
    """The one row of settings; without it the defaults hold."""

    __tablename__ = "newsletter_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    seeds: Mapped[str] = mapped_column(Text, default="")
    """Addresses that get every issue first, one a line."""
    hold_minutes: Mapped[int] = mapped_column(default=10)
    goal_new: Mapped[int] = mapped_column(default=75)
    """New persons on the lists in a year, as the plan of the office says."""
