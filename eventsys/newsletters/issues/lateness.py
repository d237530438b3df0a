"""What is late in an issue: a day of the plan has passed, and what should be done by then is not."""

from __future__ import annotations

from datetime import date, timedelta

from eventsys.i18n import short_day
from eventsys.newsletters.issues.models import ArticleState, Issue, IssueState
from eventsys.newsletters.issues.proofs import Standing

SOON = timedelta(days=7)


def late_in(issue: Issue, standing: Standing, today: date) -> list[str]:
    """Swedish sentences, empty when all is well. A day has passed when it is over."""
    if issue.state is not IssueState.DRAFT:
        return []
    return [*_late_texts(issue, today), *_late_proof(issue, standing, today), *_late_sending(issue, today)]


def unready(issue: Issue) -> int:
    """How many of the issue's articles are not ready."""
    return sum(one.state is not ArticleState.READY for one in issue.articles)


def _late_texts(issue: Issue, today: date) -> list[str]:
    if issue.manuscript_on is None or today <= issue.manuscript_on:
        return []
    due = f"Manus skulle vara klara {short_day(issue.manuscript_on)}"
    if not issue.articles:
        return [f"{due}, men numret har inga artiklar."]
    left = unready(issue)
    return [f"{due}, men {left} {'artikel är' if left == 1 else 'artiklar är'} inte klara."] if left else []


def _late_proof(issue: Issue, standing: Standing, today: date) -> list[str]:
    if issue.proof_on is None or today <= issue.proof_on or standing.is_approved:
        return []
    return [f"Korrekturet skulle vara godkänt {short_day(issue.proof_on)}."]


def _late_sending(issue: Issue, today: date) -> list[str]:
    if issue.send_on is None or today <= issue.send_on:
        return []
    return [f"Numret skulle ha skickats {short_day(issue.send_on)}."]
