"""What readers thought of each article, in numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from eventsys.database import db
from eventsys.newsletters.issues.models import Article
from eventsys.newsletters.responses.models import CommentState, Response

ENOUGH = 7
"""Below this a share says more than there is behind it; the counts are shown, the share is not."""


@dataclass(frozen=True)
class Useful:
    """How many found an article useful, how many not, and how many wrote something."""

    yes: int = 0
    no: int = 0
    new: int = 0
    comments: int = 0
    """New and read; those set aside are counted in `hidden` alone."""
    hidden: int = 0

    @property
    def total(self) -> int:
        return self.yes + self.no

    @property
    def share(self) -> int | None:
        """Per cent who found it useful, rounded half up; None when fewer than ENOUGH have answered."""
        return (200 * self.yes + self.total) // (2 * self.total) if self.total >= ENOUGH else None


def useful_by_article(issue_ids: Collection[int]) -> dict[int, Useful]:
    """By article id, for every article of these issues that anybody has answered. One query."""
    if not issue_ids:
        return {}
    is_new, is_read, is_hidden = (
        Response.state == state for state in (CommentState.NEW, CommentState.READ, CommentState.HIDDEN)
    )
    query = (
        select(
            Response.article_id, _number(Response.is_useful.is_(True)), _number(Response.is_useful.is_(False)),
            _number(is_new), _number(is_new | is_read), _number(is_hidden),
        )
        .join(Article, Article.id == Response.article_id)
        .where(Article.issue_id.in_(issue_ids))
        .group_by(Response.article_id)
    )  # fmt: skip
    return {article_id: Useful(*numbers) for article_id, *numbers in db.session.execute(query)}


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))
