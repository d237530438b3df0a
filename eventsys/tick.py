"""What is due now. The clock rings here every few seconds; each part finds its rows and rings its workers.

With several processes the holder of the lease ticks; the others look on. A tick twice is harmless, none for a while is
late but loses nothing: what is due stays due.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import String, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import Base, db, transaction
from eventsys.events import actors as events
from eventsys.mail import actors as mail

log = structlog.get_logger()

DUE: tuple[Callable[[], None], ...] = (events.ring_due, mail.due)
LEASE = timedelta(seconds=30)
_me = secrets.token_hex(8)


class TickLease(Base):
    """The one row that says which process ticks, and until when."""

    __tablename__ = "tick_lease"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(20))
    until: Mapped[datetime]
    ticked_at: Mapped[datetime]


def tick() -> bool:
    """Look for everything that is due, once; False when another process holds the lease.

    One part that fails does not stop the others; it is logged and looked at again next time.
    """
    if not _hold_lease(now()):
        return False
    for part in DUE:
        try:
            part()
        except Exception as error:
            log.exception("tick_failed", part=f"{part.__module__}.{part.__name__}", error=type(error).__name__)
        finally:
            db.session.rollback()
    return True


def _hold_lease(at: datetime) -> bool:
    lease = db.session.execute(select(TickLease.holder, TickLease.until)).first()
    if lease is not None and lease.holder != _me and lease.until > at:
        return False
    try:
        with transaction():
            return _take_lease(at)
    except IntegrityError:  # two processes made the row at the same moment; the other one has it
        return False


def _take_lease(at: datetime) -> bool:
    taken = db.session.execute(
        update(TickLease)
        .where(TickLease.id == 1, or_(TickLease.holder == _me, TickLease.until <= at))
        .values(holder=_me, until=at + LEASE, ticked_at=at)
        .returning(TickLease.id)
    ).scalar()
    if taken is None and db.session.get(TickLease, 1) is None:
        db.session.add(TickLease(id=1, holder=_me, until=at + LEASE, ticked_at=at))
        db.session.flush()
        return True
    return taken is not None


def start_clock(app: Flask) -> BackgroundScheduler:
    """Tick every EVENTSYS_TICK_SECONDS in a thread of this process; stop it with `.shutdown()`."""
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
