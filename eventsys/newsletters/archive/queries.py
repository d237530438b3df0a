"""Reading what stands in the archive. What is not out, or not any more, is not there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import load_only, selectinload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.newsletters.issues.models import Article, Issue
from eventsys.newsletters.issues.queries import OUT

_NEWEST_FIRST = (Issue.year.desc(), Issue.number.desc())
_OF_THE_LIST = (Article.issue_id, Article.kind, Article.position, Article.heading)


def published_issues(most: int | None = None) -> list[Issue]:
    """Newest first, each with its articles, of which only kind and heading are read. Two queries."""
    query = (
        select(Issue)
        .options(selectinload(Issue.articles).options(load_only(*_OF_THE_LIST)))
        .where(OUT)
        .order_by(*_NEWEST_FIRST)
        .limit(most)
    )
    return list(db.session.execute(query).scalars())


def published_issue(year: int, number: int) -> Issue:
    """The issue with its articles and pictures. Raises NotFound when it does not stand in the archive."""
    query = select(Issue).where(OUT, Issue.year == year, Issue.number == number)
    issue = db.session.scalar(query.options(selectinload(Issue.articles).joinedload(Article.picture)))
    if issue is None:
        raise NotFound
    return issue


@dataclass(frozen=True, order=True)
class Neighbour:
    """An issue beside the one that is read."""

    year: int
    number: int
    subject: str

    @property
    def title(self) -> str:
        return self.subject or f"Företagsamt nr {self.number} {self.year}"


def neighbours(issue: Issue) -> tuple[Neighbour | None, Neighbour | None]:
    """The published issues before and after this one. One query over the few there are."""
    rows = db.session.execute(select(Issue.year, Issue.number, Issue.subject).where(OUT)).all()
    found = sorted(Neighbour(*row) for row in rows)
    here = (issue.year, issue.number)
    earlier = [one for one in found if (one.year, one.number) < here]
    later = [one for one in found if (one.year, one.number) > here]
    return (earlier[-1] if earlier else None), (later[0] if later else None)
