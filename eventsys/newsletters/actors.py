"""Doors for workers: what the clock has found due about newsletters."""

from __future__ import annotations

from datetime import timedelta

from eventsys import piecework
from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.newsletters.sending import leaving
from eventsys.newsletters.sending.issues import due_issues
from eventsys.newsletters.subscriptions.signing_up import registrations_to_ask, sign_up_from_registration
from eventsys.newsletters.welcome import paper
from eventsys.newsletters.welcome.models import WelcomePaper


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


@job(queue="papers", time_limit=120_000)
def make_welcome_paper(paper_id: int) -> None:
    """Make parts of a round's letters on paper for 45 seconds at most; then ring again if there is more."""
    stops_at = now() + timedelta(seconds=45)
    while (part := _next_part(paper_id)) is not None:
        try:
            pages = paper.draw_part(part)
        except Exception:
            with transaction():
                paper.give_up(part, now())
            raise
        with transaction():
            paper.keep_part(part, pages, now())
        if now() > stops_at:
            make_welcome_paper.ring(paper_id)
            return


def _next_part(paper_id: int) -> paper.Part | None:
    with transaction():
        return paper.take_part(paper_id, now())


@job(queue="papers")
def forget_welcome_papers(_doorbell: int) -> None:
    """Delete letters on paper that were asked for a day ago."""
    with transaction():
        piecework.forget(WelcomePaper, now())


def ring_due() -> None:
    """Ring for everything about newsletters that is due. Called by the tick."""
    for issue_id in due_issues(now()):
        send_issue.ring(issue_id)
    for registration_id in registrations_to_ask(now()):
        ask_registered.ring(registration_id)
    for paper_id in piecework.to_make(WelcomePaper, now()):
        make_welcome_paper.ring(paper_id)
    if piecework.to_forget(WelcomePaper, now()):
        forget_welcome_papers.ring()
