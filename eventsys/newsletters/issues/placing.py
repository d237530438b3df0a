"""Where articles stand: noted as ideas, added to an issue, put in order, moved to another issue and thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.newsletters.issues import sanitising
from eventsys.newsletters.issues.articles import locked_article
from eventsys.newsletters.issues.changing import editable_issue, note_change
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState, Issue
from eventsys.newsletters.responses.models import Response
from eventsys.tokens import new_token

MOST_ARTICLES = 40
_EVENT_LIST_HEADING = "På gång i kalendern"
_SENT = "Artikeln har gått ut till läsare, som kan ha svarat på den. Skriv om den i stället."


class TooMany(Refused):
    """The issue has as many articles as a letter can hold."""


class WasSent(Refused):
    """Readers have the article, and the links under it."""


# --- new ----------------------------------------------------------------------------------------------------------


def note_idea(heading: str, note: str, owner_id: int | None, at: datetime) -> Article:
    """Something to tell, for a later issue. Flushes, does not commit."""
    article = _new(ArticleKind.ARTICLE, at, state=ArticleState.IDEA, owner_id=owner_id)
    article.heading, article.note = sanitising.line(heading), note
    db.session.add(article)
    db.session.flush()
    audit.record("article.added", f"article:{article.id}")
    return article


def add_article(issue_id: int, kind: ArticleKind, account_id: int | None, at: datetime) -> Article:
    """An empty article, last in the issue. Raises NotFound, NotEditable, TooMany. Flushes, does not commit."""
    issue = editable_issue(issue_id)
    _refuse_crowd(issue)
    article = _new(kind, at, state=ArticleState.DRAFT, owner_id=account_id)
    if kind is ArticleKind.EVENT_LIST:
        article.heading = _EVENT_LIST_HEADING
    _append(issue, article)
    note_change(issue, account_id, at)
    db.session.flush()
    audit.record("article.added", f"article:{article.id}", issue=issue.id)
    return article


def _new(kind: ArticleKind, at: datetime, **given: Any) -> Article:
    return Article(kind=kind, token=new_token(), created_at=at, changed_at=at, **given)


def _append(issue: Issue, article: Article) -> None:
    article.position = max((one.position for one in issue.articles), default=0) + 1
    article.issue_id = issue.id
    db.session.add(article)
    db.session.flush()
    db.session.expire(issue, ["articles"])


def _refuse_crowd(issue: Issue) -> None:
    if len(issue.articles) >= MOST_ARTICLES:
        raise TooMany(f"{issue.name} har redan {MOST_ARTICLES} artiklar. Lägg den på ett annat nummer.")


# --- order, place, end --------------------------------------------------------------------------------------------


def move_article(issue_id: int, article_id: int, up: bool, account_id: int | None, at: datetime) -> None:
    """Let it change places with the one before or after it. Raises NotFound, NotEditable. Flushes."""
    issue = editable_issue(issue_id)
    order = [one.id for one in issue.articles]
    if article_id not in order:
        raise NotFound
    here = order.index(article_id)
    there = max(0, here - 1) if up else min(len(order) - 1, here + 1)
    order.insert(there, order.pop(here))
    _put_in_order(issue, order, account_id, at)


def order_articles(issue_id: int, article_ids: Sequence[int], account_id: int | None, at: datetime) -> None:
    """Put the issue's articles in this order; those not named come last, ids of others are passed over.

    Raises NotFound, NotEditable. Flushes, does not commit.
    """
    issue = editable_issue(issue_id)
    there = [one.id for one in issue.articles]
    named = [one for one in dict.fromkeys(article_ids) if one in there]
    _put_in_order(issue, [*named, *(one for one in there if one not in named)], account_id, at)


def _put_in_order(issue: Issue, order: Sequence[int], account_id: int | None, at: datetime) -> None:
    if order != [one.id for one in issue.articles]:
        places: Mapping[int, int] = {article_id: place for place, article_id in enumerate(order, start=1)}
        for article in issue.articles:
            article.position = places[article.id]
        note_change(issue, account_id, at)
    db.session.flush()
    db.session.expire(issue, ["articles"])


def place_article(article_id: int, issue_id: int | None, account_id: int | None, at: datetime) -> Article:
    """Put an article on an issue, last in it; None makes it an idea again. Both issues must be editable.

    Raises NotFound, NotEditable, MovedMeanwhile, TooMany, WasSent. Flushes, does not commit.
    """
    was = db.session.scalar(select(Article.issue_id).where(Article.id == article_id))
    issues = {one: editable_issue(one) for one in sorted({was, issue_id} - {None}, key=lambda one: one or 0) if one}
    article, _ = locked_article(article_id)
    if article.issue_id == issue_id:
        return article
    _refuse_answered(article)
    for issue in issues.values():
        note_change(issue, account_id, at)
    if issue_id is None:
        article.issue_id, article.position = None, 0
    else:
        _refuse_crowd(issues[issue_id])
        _append(issues[issue_id], article)
    if issue_id is not None and article.state is ArticleState.IDEA:
        article.state = ArticleState.DRAFT
    article.changed_at = at
    audit.record("article.placed", f"article:{article_id}", was=was or 0, became=issue_id or 0)
    db.session.flush()
    return article


def remove_article(article_id: int, account_id: int | None, at: datetime) -> None:
    """Throw an article away for good. Raises NotFound, NotEditable, MovedMeanwhile, WasSent. Flushes, does not commit.

    What an issue has gone out with stays: answers go with their article, and the links in readers' letters lead to it.
    """
    article, issue = locked_article(article_id)
    _refuse_answered(article)
    if issue is not None and issue.published_at is not None and article.created_at <= issue.published_at:
        raise WasSent(_SENT)
    db.session.delete(article)
    if issue is not None:
        note_change(issue, account_id, at)
    db.session.flush()
    audit.record("article.removed", f"article:{article_id}", issue=issue.id if issue else 0)


def _refuse_answered(article: Article) -> None:
    if db.session.scalar(select(exists().where(Response.article_id == article.id))):
        raise WasSent(_SENT)
