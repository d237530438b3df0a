"""What readers said. A response knows neither who nor when exactly.

That a link was used is kept apart from what was said; both tables have random ids, so that no order joins them. SQLite
would number the rows of a table behind its back, in the order they came; these two are kept without that number.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.database import Base, states


class CommentState(StrEnum):
    NONE = "none"
    """There is no comment, only useful or not."""
    NEW = "new"
    READ = "read"
    HIDDEN = "hidden"
    """Set aside by staff: it names somebody, or is no comment on the article."""


class Response(Base):
    """Useful or not, and perhaps some words."""

    __tablename__ = "article_response"
    __table_args__ = (Index("ix_article_response_article_id", "article_id"), {"sqlite_with_rowid": False})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Random, below 2**53."""
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    is_useful: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[CommentState] = mapped_column(states(CommentState), default=CommentState.NONE, index=True)
    day: Mapped[date]


class UsedLink(Base):
    """A link by which this article was answered. `mark` is a hash that only the link itself leads to."""

    __tablename__ = "article_used_link"
    __table_args__ = (UniqueConstraint("article_id", "mark"), {"sqlite_with_rowid": False})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(String(64))
