"""Door for the workers: fetch what came back, every few minutes, when there is a mailbox for it."""

from __future__ import annotations

from datetime import timedelta

import structlog
from flask import current_app

from eventsys.broker import job
from eventsys.clock import now
from eventsys.config import settings
from eventsys.mail.bounces.fetching import fetch
from eventsys.mail.bounces.mailboxes import MailboxTrouble

log = structlog.get_logger()

EVERY = timedelta(minutes=5)
_TIME_LIMIT_MS = 600_000


@job("bounces", time_limit=_TIME_LIMIT_MS)
def fetch_bounces(_doorbell: int) -> None:
    """Fetch everything in the mailbox for bounces. One that cannot be read is tried again next time."""
    try:
        fetch(settings().bounce_mailbox_url)
    except MailboxTrouble as trouble:
        log.warning("bounce_mailbox_trouble", reason=str(trouble))


def due() -> None:
    """For the tick: ring when the mailbox was not looked at for a while. Only who holds the tick's lease asks."""
    if not settings().bounce_mailbox_url:
        return
    at = now()
    if at - current_app.extensions.get("eventsys_bounces_rung_at", at - EVERY) >= EVERY:
        current_app.extensions["eventsys_bounces_rung_at"] = at
        fetch_bounces.ring()
