"""One row per duty that one process at a time may have: who holds it, and until when."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import String, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.clock import now
from eventsys.database import Base, db, transaction


class Lease(Base):
    """A duty and its holder. Without a row nobody has it."""

    __tablename__ = "lease"

    duty: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(20))
    until: Mapped[datetime]
    taken_at: Mapped[datetime]


def init_leases(app: Flask) -> None:
    """Give this process' application the name under which it holds leases."""
    app.extensions["eventsys_holder"] = secrets.token_hex(8)


def hold_lease(duty: str, length: timedelta) -> bool:
    """Take or prolong the lease from now on; False while another process holds it. Opens its own transaction."""
    holder, at = current_app.extensions["eventsys_holder"], now()
    known = db.session.execute(select(Lease.holder, Lease.until).where(Lease.duty == duty)).first()
    if known is not None and known.holder != holder and known.until > at:
        return False
    try:
        with transaction():
            return _take(duty, holder, at, at + length) if known else _begin(duty, holder, at, at + length)
    except IntegrityError:  # two processes began it at the same moment; the other one has it
        return False


def give_lease_back(duty: str) -> None:
    """Let another process have the duty at once. Opens its own transaction; harmless for one that does not hold it."""
    holder = current_app.extensions["eventsys_holder"]
    with transaction():
        db.session.execute(update(Lease).where(Lease.duty == duty, Lease.holder == holder).values(until=now()))


def _begin(duty: str, holder: str, at: datetime, until: datetime) -> bool:
    db.session.add(Lease(duty=duty, holder=holder, until=until, taken_at=at))
    db.session.flush()
    return True


def _take(duty: str, holder: str, at: datetime, until: datetime) -> bool:
    taken = db.session.execute(
        update(Lease)
        .where(Lease.duty == duty, or_(Lease.holder == holder, Lease.until <= at))
        .values(holder=holder, until=until, taken_at=at)
        .returning(Lease.duty)
    ).scalar()
    return taken is not None
