"""Doors for the workers: deliver what is due, and find out what is."""

from __future__ import annotations

import threading
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, exists, select

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.delivery.claiming import reclaim_expired, something_is_due
from eventsys.mail.delivery.run import drain, relay_name
from eventsys.mail.mailings.tending import look_after
from eventsys.mail.models import Delivery, Relay, State

# 50 s of work and the longest wait for one last answer to a dot.
TIME_LIMIT_MS = 300_000


@job("mail", time_limit=TIME_LIMIT_MS)
def deliver(_doorbell: int) -> None:
    """Deliver everything that is due, for 50 seconds at most; then ring again if there is more.

    Rings that come while this process delivers are heard by the run in hand, so a hundred rings make one run.
    """
    bell: _Bell = current_app.extensions.setdefault("eventsys_mail_bell", _Bell())
    bell.rung.set()
    more = False
    while bell.rung.is_set() and bell.busy.acquire(blocking=False):
        try:
            bell.rung.clear()
            more = drain()
        finally:
            bell.busy.release()
        if more:
            deliver.ring()
            return


class _Bell:
    """`rung` is set before `busy` is tried and read after it is released: a ring between the two is never lost."""

    def __init__(self) -> None:
        self.busy = threading.Lock()
        self.rung = threading.Event()


def due() -> None:
    """For the tick: take over what the dead held, and ring when anything could be sent now. Cheap when nothing is."""
    at = now()
    if _anything(Delivery.state.in_((State.CLAIMED, State.IN_FLIGHT)), Delivery.lease_until < at):
        with transaction():
            reclaim_expired(at)
    look_after(at)
    if something_is_due(at) and not _relay_is_stopped(at):
        deliver.ring()


def _anything(*which: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(*which))))


def _relay_is_stopped(at: datetime) -> bool:
    return _anything(Relay.name == relay_name(), Relay.stopped_until > at)
