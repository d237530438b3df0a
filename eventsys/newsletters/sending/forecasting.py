"""How long a number of letters takes at the relay's pace, told before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.clock import local, now
from eventsys.database import db
from eventsys.i18n import clock, moment, number
from eventsys.mail import throttle
from eventsys.mail.models import Relay
from eventsys.mail.queries import RelayStatus, relay_status


@dataclass(frozen=True)
class Forecast:
    """`ends_at` is None when only the relay sets the pace. `words` says it in Swedish."""

    begins_at: datetime
    ends_at: datetime | None
    per_minute: int
    per_day: int
    waiting: int
    """Letters that go before."""

    @property
    def words(self) -> str:
        """`30 i minuten. Det tar ungefär 4 timmar 43 minuter och är klart kl. 13.43.`"""
        before = f" {number(self.waiting)} brev ligger före i kön." if self.waiting else ""
        if self.ends_at is None:
            return f"Breven går så fort som brevservern tar emot dem, vanligen på några minuter.{before}"
        return f"{self._pace} Det tar {_length(self.ends_at - self.begins_at)} och är klart {self._end}.{before}"

    @property
    def _pace(self) -> str:
        limits = [f"{number(self.per_minute)} brev i minuten"] if self.per_minute else []
        limits += [f"{number(self.per_day)} om dagen"] if self.per_day else []
        return f"Brevservern tar högst {' och '.join(limits)}."

    @property
    def _end(self) -> str:
        assert self.ends_at is not None
        same_day = local(self.ends_at).date() == local(self.begins_at).date()
        return f"kl. {clock(self.ends_at)}" if same_day else moment(self.ends_at)


def forecast(letters: int, begins_at: datetime | None = None) -> Forecast:
    """When so many letters will have left if they begin then (now without), behind all that waits already."""
    at, status = now(), relay_status()
    begins = max(begins_at or at, at)
    row = _row(status, begins)
    waiting = status.waiting if begins == at else 0
    ends = throttle.finishes_at(row, letters + waiting, begins)
    return Forecast(begins, ends, status.per_minute, status.per_day, waiting)


def _row(status: RelayStatus, at: datetime) -> Relay:
    """The relay as it will be at that moment; one that nothing was sent through yet is not made for asking."""
    kept = db.session.scalar(select(Relay).where(Relay.name == status.name))
    same_day = kept is not None and kept.day == local(at).date()
    return Relay(
        name=status.name,
        next_slot_at=max(kept.next_slot_at, at) if kept else at,
        day=local(at).date(),
        sent_today=kept.sent_today if kept and same_day else 0,
        stopped_until=None,
    )


def _length(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 1:
        return "mindre än en minut"
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"ungefär {round(hours / 24)} dygn"
    parts = [f"{hours} {'timme' if hours == 1 else 'timmar'}"] if hours else []
    parts += [f"{rest} {'minut' if rest == 1 else 'minuter'}"] if rest else []
    return f"ungefär {' '.join(parts)}"
