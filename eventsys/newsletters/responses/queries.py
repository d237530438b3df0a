"""Reading what may be answered, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.newsletters.issues.models import Article, Issue
from eventsys.newsletters.responses.keys import EXAMPLE_KEY, is_reader_key, mark_of
from eventsys.newsletters.responses.models import CommentState, Response, UsedLink
from eventsys.paging import Paged

COMMENTS_A_PAGE = 50


class Standing(StrEnum):
    """What a link under an article is good for."""

    OPEN = "open"
    ANSWERED = "answered"
    PRACTICE = "practice"
    """A preview or a test copy: nothing is counted."""


def article_asked_about(token: str, key: str) -> Article:
    """The article of a link, with its issue. Raises NotFound when the link is not one of our letters'."""
    query = select(Article).options(joinedload(Article.issue)).where(Article.token == token)
    article = db.session.execute(query).scalar_one_or_none()
    if article is None or article.issue is None or not _is_ours(key, article.issue):
        raise NotFound
    return article


def _is_ours(key: str, issue: Issue) -> bool:
    return key == EXAMPLE_KEY or is_reader_key(key, issue.id)


def standing_of(article: Article, key: str) -> Standing:
    """What the link is good for now; before the issue is out nobody's answer counts."""
    if key == EXAMPLE_KEY or article.issue is None or not article.issue.is_out:
        return Standing.PRACTICE
    mark = mark_of(key, article.id)
    used = exists().where(UsedLink.article_id == article.id, UsedLink.mark == mark)
    return Standing.ANSWERED if db.session.scalar(select(used)) else Standing.OPEN


# --- comments -----------------------------------------------------------------------------------------------------


class Comment(NamedTuple):
    """What somebody wrote about an article, and the day; more is not known."""

    id: int
    text: str
    is_useful: bool
    state: CommentState
    day: date
    article: str
    issue_id: int
    year: int
    number: int

    @property
    def issue_name(self) -> str:
        return f"Företagsamt nr {self.number} {self.year}"


@dataclass(frozen=True)
class CommentPage(Paged):
    """One page of comments, from 1; `total` is how many there are in all."""

    size: ClassVar[int] = COMMENTS_A_PAGE

    comments: list[Comment]
    number: int
    total: int


_COMMENTS = (
    select(
        Response.id, Response.comment, Response.is_useful, Response.state, Response.day,
        Article.heading, Issue.id, Issue.year, Issue.number,
    )
    .join(Article, Article.id == Response.article_id)
    .join(Issue, Issue.id == Article.issue_id)
    .order_by(Response.day.desc(), Response.id)
)  # fmt: skip


def comment_page(state: CommentState, page: int) -> CommentPage:
    """The comments in this state, the latest days first; within a day in no order that says anything."""
    total = comment_numbers()[state]
    page = min(max(1, page), max(1, -(-total // COMMENTS_A_PAGE)))
    query = _COMMENTS.where(Response.state == state).limit(COMMENTS_A_PAGE).offset((page - 1) * COMMENTS_A_PAGE)
    return CommentPage([Comment(*row) for row in db.session.execute(query)], page, total)


def comment_numbers() -> dict[CommentState, int]:
    """How many comments there are in each state."""
    query = select(Response.state, func.count()).where(Response.state != CommentState.NONE).group_by(Response.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in CommentState if state is not CommentState.NONE}


def comments_by_article(issue_id: int) -> dict[int, list[Response]]:
    """The comments on an issue that were not set aside, by article. One query."""
    shown = (CommentState.NEW, CommentState.READ)
    query = (
        select(Response)
        .join(Article, Article.id == Response.article_id)
        .where(Article.issue_id == issue_id, Response.state.in_(shown))
        .order_by(Response.day.desc(), Response.id)
    )
    found: dict[int, list[Response]] = {}
    for response in db.session.execute(query).scalars():
        found.setdefault(response.article_id, []).append(response)
    return found
