"""Issues that wait for somebody: did not leave, stopped on the way, or have letters whose fate nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from eventsys.database import db
from eventsys.mail.models import Delivery, Mailing, MailingState, State
from eventsys.newsletters.issues.models import Issue


@dataclass(frozen=True)
class Stuck:
    """An issue and what is the matter with it, in Swedish."""

    issue: Issue
    why: str


def stuck_issues() -> Sequence[Stuck]:
    """All of them, the earliest issue first. One query, which looks at unknown letters only."""
    unknown = (
        select(Delivery.mailing_id, func.count().label("number"))
        .where(Delivery.state == State.UNKNOWN, Delivery.mailing_id.is_not(None))
        .group_by(Delivery.mailing_id)
        .subquery()
    )
    query = (
        select(Issue, Mailing.state, Mailing.reason, unknown.c.number)
        .join(Mailing, Mailing.id == Issue.mailing_id, isouter=True)
        .join(unknown, unknown.c.mailing_id == Issue.mailing_id, isouter=True)
        .where(or_(Issue.trouble != "", Mailing.state == MailingState.PAUSED, unknown.c.number > 0))
        .order_by(Issue.year, Issue.number)
    )
    return [Stuck(issue, _why(issue, *rest)) for issue, *rest in db.session.execute(query)]


def _why(issue: Issue, state: MailingState | None, reason: str | None, unknown: int | None) -> str:
    if issue.trouble:
        return f"Skickades inte. {issue.trouble}"
    if state is MailingState.PAUSED:
        return reason or "Utskicket är pausat."
    if unknown == 1:
        return "1 brev är okänt: det kan ha kommit fram."
    return f"{unknown} brev är okända: de kan ha kommit fram."
