"""How a mailing is getting on, as its page shows it again and again: numbers that add up, pace, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.mailings.ledger import Ledger, Outlook, Part, ledger, outlook
from eventsys.mail.models import Delivery, Mailing, MailingState, State
from eventsys.newsletters.sending.forecasting import forecast

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Progress:
    """`last_minute`: letters accepted within it. `ends_at` is None when nothing can be said, or nothing waits."""

    mailing: Mailing
    ledger: Ledger
    outlook: Outlook
    last_minute: int
    ends_at: datetime | None

    @property
    def waiting(self) -> int:
        return self.ledger.parts[Part.WAITING]

    @property
    def unknown(self) -> int:
        return self.ledger.parts[Part.UNKNOWN]

    @property
    def done(self) -> int:
        """Letters whose fate is known, or is known to be unknown."""
        return self.ledger.selected - self.waiting

    @property
    def is_moving(self) -> bool:
        """Whether the page should be looked at again by itself."""
        return self.mailing.state is MailingState.SENDING

    @property
    def is_held(self) -> bool:
        """Whether all but the seeds wait."""
        held_until = self.mailing.held_until
        holds = self.mailing.hold_seconds > 0 and (held_until is None or held_until > now())
        return self.is_moving and holds and self.waiting > 0

    @property
    def is_cancellable(self) -> bool:
        return self.mailing.state in (MailingState.SENDING, MailingState.PAUSED)


def progress(mailing: Mailing) -> Progress:
    """The mailing as it stands now. A fixed number of queries."""
    counted, course, at = ledger(mailing.id), outlook(mailing.id), now()
    rate = _accepted_since(mailing.id, at - _MINUTE)
    return Progress(mailing, counted, course, rate, _ends_at(mailing, counted.parts[Part.WAITING], course, rate, at))


def _accepted_since(mailing_id: int, since: datetime) -> int:
    lately = (Delivery.mailing_id == mailing_id, Delivery.state == State.ACCEPTED, Delivery.changed_at > since)
    return db.session.scalar(select(func.count()).select_from(Delivery).where(*lately)) or 0


def _ends_at(mailing: Mailing, waiting: int, course: Outlook, rate: int, at: datetime) -> datetime | None:
    """By the relay's pace after the hold; where only the relay sets the pace, as fast as the last minute went."""
    if not waiting or mailing.state is not MailingState.SENDING:
        return None
    if course.finishes_at is None:
        return at + _MINUTE * (waiting / rate) if rate else None
    held_until = mailing.held_until if mailing.hold_seconds else None
    if held_until is not None and held_until > at:
        return forecast(waiting, held_until).ends_at
    return course.finishes_at
