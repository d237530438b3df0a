"""Reading issues, articles and the names of who is at work on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from eventsys.clock import local, midnights
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.newsletters.issues.models import Article, Issue, IssueState, Picture
from eventsys.staff.models import Account, Role

EDITORS = (Role.ADMINISTRATOR, Role.ORGANISER, Role.EDITOR)
"""Who works with issues, and may own an article."""
OUT = and_(Issue.published_at.is_not(None), Issue.state == IssueState.LEAVING)
"""An issue that everybody may read; one that is reworked after a stopped mailing is not out before it leaves again."""


def issue_by_id(issue_id: int) -> Issue:
    """An issue with its articles and their pictures, in two further queries at most. Raises NotFound."""
    query = select(Issue).where(Issue.id == issue_id)
    issue = db.session.scalar(query.options(selectinload(Issue.articles).joinedload(Article.picture)))
    if issue is None:
        raise NotFound
    return issue


def issues_of(year: int) -> Sequence[Issue]:
    """The issues of a year with their articles, first number first."""
    query = select(Issue).where(Issue.year == year).order_by(Issue.number)
    return db.session.scalars(query.options(selectinload(Issue.articles))).all()


def issues_out_between(first: date, last: date) -> Sequence[Issue]:
    """The issues that went out from `first` to `last`, both Swedish days included, in the order they went."""
    begins, after = midnights(first, last)
    out = (OUT, Issue.published_at >= begins, Issue.published_at < after)
    return db.session.scalars(select(Issue).where(*out).order_by(Issue.published_at, Issue.id)).all()


def first_issue_on() -> date | None:
    """The Swedish day on which the earliest issue went out; None when none has."""
    earliest = db.session.scalar(select(func.min(Issue.published_at)).where(OUT))
    return local(earliest).date() if earliest else None


def years_planned() -> list[int]:
    """The years that have issues, earliest first."""
    return list(db.session.scalars(select(Issue.year).distinct().order_by(Issue.year)))


def open_issues() -> Sequence[Issue]:
    """The issues that an article can still be placed on, earliest first."""
    query = select(Issue).where(Issue.state == IssueState.DRAFT).order_by(Issue.year, Issue.number)
    return db.session.scalars(query).all()


def ideas() -> Sequence[Article]:
    """The articles without an issue, newest first."""
    return db.session.scalars(
        select(Article).where(Article.issue_id.is_(None)).order_by(Article.created_at.desc(), Article.id.desc())
    ).all()


def article_by_id(article_id: int) -> Article:
    """An article with its issue and picture. Raises NotFound."""
    found = db.session.get(Article, article_id, options=[joinedload(Article.issue), joinedload(Article.picture)])
    if found is None:
        raise NotFound
    return found


def picture_by_token(token: str) -> Picture:
    """A picture without its content, which is read when asked for. Raises NotFound."""
    found = db.session.scalar(select(Picture).where(Picture.token == token))
    if found is None:
        raise NotFound
    return found


def editors() -> Sequence[Account]:
    """The open accounts of those who work with issues, by name."""
    query = select(Account).where(Account.role.in_(EDITORS), Account.closed_at.is_(None), Account.password_hash != "")
    return db.session.scalars(query.order_by(Account.name, Account.id)).all()


def names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these accounts by id; closed ones too. One query, or none."""
    wanted = {one for one in account_ids if one is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: row.name for row in rows}
