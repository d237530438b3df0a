"""The pace: one row per relay keeps it for all processes, so that ten workers together send no faster than one.

Instead of counting tokens, every claimed letter gets a moment of its own, one spacing after the one before: at 30 a
minute two seconds apart, so that no minute ever holds more than 30, and the finishing time shown is the true one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys.clock import from_local, local
from eventsys.config import settings
from eventsys.database import db
from eventsys.mail.models import Relay

# How far ahead moments are given away. A confirmation posted now waits no longer than this behind a mailing.
HORIZON = timedelta(seconds=10)


@dataclass(frozen=True)
class Grant:
    """How many letters may be claimed now, and the moment each may leave. None may: why, and until when."""

    slots: tuple[datetime, ...] = ()
    wait_until: datetime | None = None
    reason: str = ""


def relay_row(name: str, at: datetime, lock: bool = False) -> Relay:
    """The row of a relay, made when first seen. With `lock`, no other process changes it until the transaction ends."""
    query = select(Relay).where(Relay.name == name).execution_options(populate_existing=True)
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        row = _new_row(name, at)
    if row.day != local(at).date():
        row.day, row.sent_today = local(at).date(), 0
    return row


def _new_row(name: str, at: datetime) -> Relay:
    row = Relay(name=name, next_slot_at=at, day=local(at).date())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # another process met this relay in the same moment
        row = db.session.scalars(select(Relay).where(Relay.name == name).with_for_update()).one()
    return row


def grant(row: Relay, wanted: int, at: datetime) -> Grant:
    """How many of `wanted` letters may be claimed, given the relay's row under its lock. Changes nothing yet."""
    if row.stopped_until is not None and row.stopped_until > at:
        return Grant(wait_until=row.stopped_until, reason=row.stop_reason)
    left = _left_today(row)
    if left <= 0:
        return Grant(wait_until=_midnight_after(row.day), reason="Dagens antal brev till brevservern är nått.")
    slots = _slots(row, min(wanted, left), at)
    if not slots:
        return Grant(wait_until=row.next_slot_at - HORIZON, reason="Breven går i den takt som brevservern tål.")
    return Grant(slots)


def take(row: Relay, slots: tuple[datetime, ...]) -> None:
    """Count these letters and move the next moment on."""
    row.sent_today += len(slots)
    if slots and _spacing():
        row.next_slot_at = slots[-1] + _spacing()


def give_back(row: Relay, letters: int) -> None:
    """Letters that were claimed but not tried do not count for the day."""
    row.sent_today = max(0, row.sent_today - letters)


def _spacing() -> timedelta:
    per_minute = settings().smtp_per_minute
    return timedelta(minutes=1) / per_minute if per_minute else timedelta(0)


def _slots(row: Relay, most: int, at: datetime) -> tuple[datetime, ...]:
    spacing = _spacing()
    if not spacing:
        return (at,) * most
    first = max(row.next_slot_at, at)
    in_reach = int((at + HORIZON - first) / spacing) + 1 if first <= at + HORIZON else 0
    return tuple(first + spacing * place for place in range(min(most, in_reach)))


def _left_today(row: Relay) -> int:
    per_day = settings().smtp_per_day
    return per_day - row.sent_today if per_day else 1_000_000


def _midnight_after(day: date) -> datetime:
    return from_local(datetime.combine(day + timedelta(days=1), datetime.min.time()))


def finishes_at(row: Relay, letters: int, at: datetime) -> datetime | None:
    """When this many letters will have left at our pace and daily cap; None when only the relay sets the pace."""
    spacing, per_day = _spacing(), settings().smtp_per_day
    if not spacing and not per_day:
        return None
    begin = max(at, row.stopped_until or at, row.next_slot_at if spacing else at)
    day, left = local(begin).date(), (_left_today(row) if local(begin).date() == row.day else per_day or 1_000_000)
    while True:
        midnight = _midnight_after(day)
        today = min(letters, left, int((midnight - begin) / spacing) if spacing else letters)
        letters -= max(today, 0)
        if letters <= 0:
            return begin + spacing * max(today - 1, 0)
        day, left, begin = day + timedelta(days=1), per_day or 1_000_000, midnight
