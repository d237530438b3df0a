"""Doors for workers: what the clock has found due about newsletters."""

from __future__ import annotations

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.newsletters.sending import leaving
from eventsys.newsletters.sending.issues import due_issues


@job(queue="events", time_limit=120_000)
def send_issue(issue_id: int) -> None:
    """Freeze and start an issue that is due. What must not leave by itself says why, and waits for staff."""
    try:
        with transaction():
            leaving.leave(issue_id, now())
    except NotFound:
        return
    except Refused as refusal:
        with transaction():
            leaving.stand_still(issue_id, str(refusal))


def ring_due() -> None:
    """Ring for everything about newsletters that is due. Called by the tick."""
    for issue_id in due_issues(now()):
        send_issue.ring(issue_id)
