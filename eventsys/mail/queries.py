"""What can be asked about letters: their history, and how the relay is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.database import db
from eventsys.mail import throttle
from eventsys.mail.delivery.run import relay_name
from eventsys.mail.models import WAITING, Delivery, DeliveryEvent, Relay


def history(delivery_id: int) -> Sequence[DeliveryEvent]:
    """Every change of state of one letter, the first first."""
    query = select(DeliveryEvent).where(DeliveryEvent.delivery_id == delivery_id).order_by(DeliveryEvent.id)
    return db.session.scalars(query).all()


def letters_to(address: str, most: int = 20) -> Sequence[Delivery]:
    """The letters to an address, newest first. `address` is comparable."""
    query = select(Delivery).where(Delivery.address == address).order_by(Delivery.id.desc()).limit(most)
    return db.session.scalars(query).all()


# --- the relay ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RelayStatus:
    """How sending is going. `stop_reason` is Swedish; `finishes_at` is None when only the relay sets the pace."""

    name: str
    stopped_until: datetime | None
    stop_reason: str
    per_minute: int
    per_day: int
    sent_today: int
    waiting: int
    finishes_at: datetime | None


def relay_status() -> RelayStatus:
    """The relay of the settings: whether it is stopped and why, its pace, and when what waits will have left."""
    at, limits = now(), settings()
    name = relay_name()
    row = db.session.scalar(select(Relay).where(Relay.name == name))
    waiting = db.session.scalar(select(func.count()).where(Delivery.state.in_(WAITING))) or 0
    if row is None:
        return RelayStatus(name, None, "", limits.smtp_per_minute, limits.smtp_per_day, 0, waiting, None)
    stopped = row.stopped_until if row.stopped_until is not None and row.stopped_until > at else None
    return RelayStatus(
        name, stopped, row.stop_reason if stopped else "", limits.smtp_per_minute, limits.smtp_per_day,
        row.sent_today if row.day == local(at).date() else 0, waiting, throttle.finishes_at(row, waiting, at),
    )  # fmt: skip
