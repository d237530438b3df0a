"""What can be asked about letters: lists, counts, history, and how the relay is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.database import db
from eventsys.mail import throttle
from eventsys.mail.delivery.run import relay_name
from eventsys.mail.models import WAITING, Delivery, DeliveryEvent, Relay, State

TROUBLE = (State.UNKNOWN, State.REJECTED, State.BOUNCED, State.COMPLAINED)
PAGE = 50


def letters(
    states: Sequence[State] = (), about: str = "", text: str = "", mailing_id: int | None = None,
    page: int = 1, per_page: int = PAGE,
) -> Sequence[Delivery]:  # fmt: skip
    """Letters, newest first. What is empty does not narrow; `text` is sought in address and name."""
    query = select(Delivery).where(*_narrowed(states, about, text, mailing_id)).order_by(Delivery.id.desc())
    return db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)).all()


def counts_by_state(about: str = "", mailing_id: int | None = None) -> dict[State, int]:
    """How many letters are in each state; every state is there, so the sum is all of them."""
    query = select(Delivery.state, func.count()).where(*_narrowed((), about, "", mailing_id)).group_by(Delivery.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in State}


def letters_in_trouble(about: str = "", most: int = PAGE) -> Sequence[Delivery]:
    """Letters that staff may have to do something about, the last changed first."""
    query = select(Delivery).where(*_narrowed(TROUBLE, about, "", None)).order_by(Delivery.changed_at.desc())
    return db.session.scalars(query.limit(most)).all()


def history(delivery_id: int) -> Sequence[DeliveryEvent]:
    """Every change of state of one letter, the first first."""
    query = select(DeliveryEvent).where(DeliveryEvent.delivery_id == delivery_id).order_by(DeliveryEvent.id)
    return db.session.scalars(query).all()


def _narrowed(
    states: Sequence[State], about: str, text: str, mailing_id: int | None
) -> list[ColumnElement[bool]]:  # fmt: skip
    conditions: list[ColumnElement[bool]] = []
    if states:
        conditions.append(Delivery.state.in_(states))
    if about:
        conditions.append(Delivery.about == about)
    if mailing_id is not None:
        conditions.append(Delivery.mailing_id == mailing_id)
    if text:
        sought = text.strip().lower()
        conditions.append(
            Delivery.address.contains(sought, autoescape=True) | Delivery.name.icontains(sought, autoescape=True)
        )
    return conditions


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
