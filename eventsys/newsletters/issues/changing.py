"""The lock under which everything about an issue changes, and what every change of it does: raise the version.

A proof holds for one version, so whoever changes what the letter says (here or in another part) calls `note_change`,
and an approval of the letter as it was holds no longer.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.newsletters.issues.models import Issue, IssueState

_WHY_FIXED = {
    IssueState.SCHEDULED: "{name} är schemalagt och kan inte ändras. Ta tillbaka tiden under Utskick först.",
    IssueState.LEAVING: "{name} skickas eller har skickats och kan inte ändras.",
    IssueState.CANCELLED: "{name} är inställt och kan inte ändras.",
}


class NotEditable(Refused):
    """The issue is scheduled, leaving or cancelled; the text says what to do."""


def why_fixed(issue: Issue) -> str:
    """Why the issue cannot be changed now, in Swedish, or ""."""
    return _WHY_FIXED[issue.state].format(name=issue.name) if issue.state in _WHY_FIXED else ""


def locked_issue(issue_id: int) -> Issue:
    """The issue, fresh, kept from others' changes until the transaction ends. Raises NotFound.

    What the transaction read before it had the lock is read anew when it is next looked at.
    """
    db.session.flush()
    db.session.expire_all()
    issue = db.session.scalar(select(Issue).where(Issue.id == issue_id).with_for_update(key_share=True))
    if issue is None:
        raise NotFound
    return issue


def editable_issue(issue_id: int) -> Issue:
    """The issue under its lock, if it may be changed. Raises NotFound, NotEditable."""
    issue = locked_issue(issue_id)
    if why := why_fixed(issue):
        raise NotEditable(why)
    return issue


def note_change(issue: Issue, account_id: int | None, at: datetime) -> None:
    """What the letter says has changed: a new version, which no proof holds for. The issue must be locked."""
    issue.version += 1
    issue.changed_by, issue.changed_at = account_id, at
