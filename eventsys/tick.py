"""What is due now. The clock rings here every few seconds; each part finds its rows and rings its workers.

With several processes the holder of the lease ticks; the others look on. A tick twice is harmless, none for a while is
late but loses nothing: what is due stays due.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from eventsys.broker import BrokerAway
from eventsys.clock import now
from eventsys.companies import actors as companies
from eventsys.config import settings
from eventsys.database import db
from eventsys.desk import actors as desk
from eventsys.events import actors as events
from eventsys.leases import give_lease_back, hold_lease
from eventsys.mail import actors as mail
from eventsys.mail.bounces import actors as bounces
from eventsys.newsletters import actors as newsletters
from eventsys.privacy import actors as privacy
from eventsys.privacy.retention import actors as retention
from eventsys.surveys import actors as surveys

log = structlog.get_logger()

DUE: tuple[Callable[[], None], ...] = (
    companies.ring_due,
    events.ring_due,
    newsletters.ring_due,
    surveys.ring_due,
    privacy.ring_due,
    desk.ring_due,
    retention.ring_due,
    mail.due,
    bounces.due,
)
LEASE = timedelta(seconds=30)


def tick() -> bool:
    """Look for everything that is due, once; False when another process holds the lease.

    One part that fails does not stop the others; it is logged and looked at again next time.
    """
    if not hold_lease("tick", LEASE):
        return False
    for part in DUE:
        try:
            part()
        except BrokerAway as error:
            log.warning("broker_away", part=f"{part.__module__}.{part.__name__}", reason=str(error))
        except Exception as error:
            log.exception("tick_failed", part=f"{part.__module__}.{part.__name__}", error=type(error).__name__)
        finally:
            db.session.rollback()
    return True


def stop_clock(app: Flask, scheduler: BackgroundScheduler) -> None:
    """Tick no more, and let the next process begin at once instead of when the lease has run out."""
    scheduler.shutdown(wait=False)
    with app.app_context():
        try:
            give_lease_back("tick")
        except Exception as error:  # the database is away; the lease runs out by itself
            log.warning("lease_kept", error=type(error).__name__)
        finally:
            db.session.remove()


def start_clock(app: Flask) -> BackgroundScheduler:
    """Tick every EVENTSYS_TICK_SECONDS in a thread of this process, until `stop_clock`."""
    with app.app_context():
        seconds = max(1, settings().tick_seconds)
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        _tick_in, "interval", [app], seconds=seconds, next_run_time=now(), coalesce=True, max_instances=1,
        misfire_grace_time=None,
    )  # fmt: skip
    scheduler.start()
    return scheduler


def _tick_in(app: Flask) -> None:
    with app.app_context():
        try:
            tick()
        except Exception as error:  # the database is away; it may be back at the next tick
            log.warning("tick_failed", error=type(error).__name__, reason=str(error).splitlines()[0])
        finally:
            db.session.remove()
