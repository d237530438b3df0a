"""The issue as sending sees it: read, found by the clock, and what its mailings are known under."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail.models import Mailing
from eventsys.newsletters.issues.models import Issue, IssueState


def issue_for_sending(issue_id: int) -> Issue:
    """Raises NotFound."""
    found = db.session.get(Issue, issue_id)
    if found is None:
        raise NotFound
    return found


def about(issue: Issue) -> str:
    """What the issue's mailings and letters say that they are about."""
    return f"issue:{issue.id}"


def mailing_of(issue: Issue) -> Mailing | None:
    """The mailing that the issue leaves by, once it is frozen."""
    return db.session.get(Mailing, issue.mailing_id) if issue.mailing_id is not None else None


def due_issues(at: datetime) -> Sequence[int]:
    """Issues whose time has come and that nothing has stopped, the first due first."""
    due = (Issue.state == IssueState.SCHEDULED, Issue.sends_at <= at, Issue.trouble == "")
    return db.session.scalars(select(Issue.id).where(*due).order_by(Issue.sends_at, Issue.id)).all()
