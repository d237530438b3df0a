"""Fetching what came back: keep it first, take it out of the mailbox when it is safe, then draw the consequences."""

from __future__ import annotations

from collections import Counter

import structlog
from sqlalchemy import select

from eventsys.database import db, transaction
from eventsys.errors import Busy
from eventsys.mail.bounces.consequences import draw_consequences
from eventsys.mail.bounces.keeping import keep
from eventsys.mail.bounces.mailboxes import Mailbox, open_mailbox
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.bounces.reading import read

log = structlog.get_logger()

Fetched = Counter[Kind]
"""How many new letters of each kind."""


def fetch(url: str) -> Fetched:
    """Fetch everything that lies in the mailbox. Opens its own transactions. Raises MailboxTrouble.

    Killed at any point, the next round goes on: what is kept but still in the mailbox is not kept twice, and what is
    kept without consequences gets them.
    """
    fetched: Fetched = Counter()
    try:
        with open_mailbox(url) as mailbox:
            for key in mailbox.waiting():
                _take(mailbox, key, fetched)
    finally:
        draw_all()
    if fetched:
        log.info("bounces_fetched", **{kind.value: number for kind, number in fetched.items()})
    return fetched


def _take(mailbox: Mailbox, key: str, fetched: Fetched) -> None:
    raw = mailbox.letter(key)
    if raw is None:
        return
    with transaction():
        letter = keep(raw)
        kind = letter.kind if letter else None
    if kind is not None:
        fetched[kind] += 1
    if kind is Kind.NOT_A_BOUNCE or (kind is None and _is_for_people(raw)):
        mailbox.leave(key)
    else:
        mailbox.remove(key)


def _is_for_people(raw: bytes) -> bool:
    """Of a letter that was kept before, in a round that was cut off before it was flagged."""
    return read(raw).kind is Kind.NOT_A_BOUNCE


def draw_all() -> None:
    """Draw the consequences that are not drawn yet, each in its own transaction: one that fails stops no other."""
    waiting = db.session.scalars(select(IncomingLetter.id).where(IncomingLetter.applied_at.is_(None))).all()
    for letter_id in waiting:
        try:
            with transaction():
                draw_consequences(letter_id)
        except Busy:
            raise
        except Exception as error:
            log.exception("bounce_not_followed_up", letter=letter_id, error=type(error).__name__)
