"""Doors for workers: what the clock has found due about newsletters."""

from __future__ import annotations

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.newsletters.sending import leaving
from eventsys.newsletters.sending.issues import due_issues
from eventsys.newsletters.subscriptions.signing_up import registrations_to_ask, sign_up_from_registration


@job(queue="newsletters", time_limit=120_000)
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


@job(queue="newsletters")
def ask_registered(registration_id: int) -> None:
    """Ask a booker who ticked the newsletter's box whether the address is theirs."""
    try:
        with transaction():
            sign_up_from_registration(registration_id, now())
    except NotFound:
        return


def ring_due() -> None:
    """Ring for everything about newsletters that is due. Called by the tick."""
    for issue_id in due_issues(now()):
        send_issue.ring(issue_id)
    for registration_id in registrations_to_ask(now()):
        ask_registered.ring(registration_id)
