"""The course of a mailing: start, pause, go on, release, cancel. The next letter already heeds it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.mail.actors import deliver
from eventsys.mail.mailings.tending import skip_all
from eventsys.mail.models import Delivery, Mailing, MailingState, Priority
from eventsys.mail.restored import waits_since, why_a_mailing_waits

# So much later than planned a mailing may still begin by itself.
LATE = timedelta(hours=3)


class NotInThisState(Refused):
    """The mailing is in another state than the page showed."""


def start(mailing_id: int, at: datetime | None = None, hold: timedelta = timedelta(0), late: timedelta = LATE) -> None:
    """A prepared mailing begins `at` (an aware moment; now without), and not by itself when it is `late`.

    After a backup was restored it is paused instead, until staff let it go on (mail/restored.py).
    With a `hold` the seeds get their letters first and the others after it, unless `release` lets them go sooner; a
    mailing without seeds is not held. Raises NotInThisState. Flushes, does not commit.
    """
    row = _locked(mailing_id, MailingState.PREPARED)
    row.state, row.starts_at = MailingState.SENDING, at or now()
    row.not_after = row.starts_at + late
    row.hold_seconds = int(hold.total_seconds()) if _has_seeds(mailing_id) else 0
    if (made_at := waits_since()) is not None:
        row.state, row.reason = MailingState.PAUSED, why_a_mailing_waits(made_at)
        _done(row, "paused")
        return
    _done(row, "started")
    deliver.ring_after_commit()


def pause(mailing_id: int) -> None:
    """No further letter leaves until `go_on`. Raises NotInThisState. Flushes, does not commit."""
    row = _locked(mailing_id, MailingState.SENDING)
    row.state, row.reason = MailingState.PAUSED, ""
    _done(row, "paused")


def go_on(mailing_id: int) -> None:
    """A paused mailing goes on, also one that paused itself; staff have looked, so lateness is no hindrance.

    Raises NotInThisState. Flushes, does not commit.
    """
    row = _locked(mailing_id, MailingState.PAUSED)
    row.state, row.reason, row.refusals, row.not_after = MailingState.SENDING, "", 0, None
    row.moved_at = now() if row.begun_at else None
    _done(row, "went_on")
    deliver.ring_after_commit()


def release(mailing_id: int) -> None:
    """The letters held back behind the seeds leave now. Raises NotInThisState. Flushes, does not commit."""
    row = _locked(mailing_id, MailingState.SENDING, MailingState.PAUSED)
    row.hold_seconds, row.held_until = 0, now()
    _done(row, "released")
    deliver.ring_after_commit()


def cancel(mailing_id: int) -> int:
    """Nothing more leaves, ever; how many letters were stopped. Raises NotInThisState. Flushes, does not commit."""
    row = _locked(
        mailing_id, MailingState.DRAFT, MailingState.PREPARED, MailingState.SENDING, MailingState.PAUSED
    )  # fmt: skip
    row.state, row.reason = MailingState.CANCELLED, ""
    db.session.flush()
    stopped = skip_all(mailing_id)
    _done(row, "cancelled")
    return stopped


def hold_all(reason: str) -> int:
    """Every mailing on its way is paused, with a reason in Swedish: after a backup was restored. How many."""
    on_its_way: ColumnElement[bool] = Mailing.state == MailingState.SENDING
    found = db.session.scalars(
        update(Mailing).where(on_its_way).values(state=MailingState.PAUSED, reason=reason[:300]).returning(Mailing.id)
    ).all()
    db.session.expire_all()
    return len(found)


def _locked(mailing_id: int, *states: MailingState) -> Mailing:
    row = db.session.get(Mailing, mailing_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    if row.state not in states:
        raise NotInThisState("Utskicket är inte längre i det läge som sidan visade. Ladda om sidan.")
    return row


def _done(row: Mailing, what: str) -> None:
    db.session.flush()
    audit.record(f"mailing.{what}", f"mailing:{row.id}")


def _has_seeds(mailing_id: int) -> bool:
    seeds = exists().where(Delivery.mailing_id == mailing_id, Delivery.priority == Priority.SEED)
    return bool(db.session.scalar(select(seeds)))
