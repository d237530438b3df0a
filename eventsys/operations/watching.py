"""The worker's own clock: it says that the worker lives, and looks for troubles.

Workers look, and not the tick: without a worker no letter leaves, and so the one who could tell is the one who looks.
It needs neither the tick nor the broker for it, so it notices that the tick stands still.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy import delete

from eventsys.audit import CLOCK, act_as
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.leases import give_lease_back, hold_lease
from eventsys.operations import alarms
from eventsys.operations.models import Worker
from eventsys.operations.sight import look_around
from eventsys.operations.troubles import troubles_in

log = structlog.get_logger()

EVERY = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=1)


def say_alive(at: datetime) -> None:
    """This process' worker lives. Rows of those that were killed go after a day. Flushes."""
    holder = current_app.extensions["eventsys_holder"]
    row = db.session.get(Worker, holder)
    if row is None:
        db.session.add(Worker(holder=holder, begun_at=at, seen_at=at))
    else:
        row.seen_at = at
    db.session.execute(delete(Worker).where(Worker.seen_at < at - FORGOTTEN_AFTER))
    db.session.flush()


def say_goodbye() -> None:
    """This process' worker ends in good order. Flushes."""
    db.session.execute(delete(Worker).where(Worker.holder == current_app.extensions["eventsys_holder"]))


def watch(at: datetime) -> None:
    """Look for troubles, unless another worker does. Opens its own transactions."""
    if not hold_lease("watch", EVERY * 3):
        return
    found = troubles_in(look_around(at))
    with transaction():
        alarms.note(found, at)


# --- the thread ---------------------------------------------------------------------------------------------------


def start_watch(app: Flask) -> BackgroundScheduler:
    """Say that the worker lives and look for troubles in a thread of this process, until `stop_watch`."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        _watch_in, "interval", [app], seconds=EVERY.total_seconds(), next_run_time=now(), coalesce=True,
        max_instances=1, misfire_grace_time=None,
    )  # fmt: skip
    scheduler.start()
    return scheduler


def stop_watch(app: Flask, scheduler: BackgroundScheduler) -> None:
    """Look no more, take the worker's row away, and let another look at once."""
    scheduler.shutdown()
    with app.app_context():
        try:
            with transaction():
                say_goodbye()
            give_lease_back("watch")
        except Exception as error:  # the database is away; the row grows old by itself
            log.warning("worker_row_kept", error=type(error).__name__)
        finally:
            db.session.remove()


def _watch_in(app: Flask) -> None:
    with app.app_context():
        act_as(CLOCK)
        try:
            with transaction():
                say_alive(now())
            watch(now())
        except Exception as error:  # the database is away; it may be back next time
            log.warning("watch_failed", error=type(error).__name__, reason=str(error).partition("\n")[0])
        finally:
            db.session.remove()
