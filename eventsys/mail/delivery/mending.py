"""What staff can do about letters and the relay, in the caller's transaction. The next tick sends what became due."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, update

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.delivery.changes import Change, LeaseLost, apply_changes
from eventsys.mail.models import Delivery, Mailing, MailingState, Relay, State

COUNTS_AS_SENT, SENT_AGAIN = "Räknas som skickat.", "Skickas igen."


class NotPossibleNow(Refused):
    """The letter is in another state than the page showed."""


def treat_as_sent(delivery: Delivery) -> None:
    """An unknown letter counts as sent from now on. Raises NotPossibleNow when it is not unknown (any more)."""
    _change(delivery, (State.UNKNOWN,), State.ACCEPTED, COUNTS_AS_SENT)
    audit.record("letter.treated_as_sent", f"delivery:{delivery.id}")


def send_again(delivery: Delivery) -> None:
    """An unknown or rejected letter goes back into the queue, to be tried afresh. Raises NotPossibleNow otherwise."""
    _change(delivery, (State.UNKNOWN, State.REJECTED), State.QUEUED, SENT_AGAIN)
    delivery.attempts = 0
    db.session.flush()
    take_up_again(delivery.mailing_id)
    audit.record("letter.sent_again", f"delivery:{delivery.id}")


def take_up_again(mailing_id: int | None) -> None:
    """A mailing that was done has something to send again."""
    db.session.execute(
        update(Mailing)
        .where(Mailing.id == mailing_id, Mailing.state == MailingState.DONE)
        .values(state=MailingState.SENDING, moved_at=now(), finished_at=None)
        .execution_options(synchronize_session=False)
    )


def _change(delivery: Delivery, allowed: tuple[State, ...], becomes: State, reason: str) -> None:
    db.session.refresh(delivery, with_for_update=True)
    if delivery.state not in allowed:
        raise NotPossibleNow("Brevet är inte längre i det läge som sidan visade. Ladda om sidan.")
    try:
        apply_changes([Change(delivery.id, delivery.state, becomes, reason=reason, not_before=now())])
    except LeaseLost as error:
        raise NotPossibleNow("Brevet ändrades just. Ladda om sidan.") from error
    db.session.refresh(delivery)


def try_deferred_now(which: ColumnElement[bool]) -> int:
    """Deferred letters that fit this condition on Delivery are tried at once. Returns how many."""
    at = now()
    done = db.session.execute(
        update(Delivery)
        .where(Delivery.state == State.DEFERRED, Delivery.not_before > at, which)
        .values(not_before=at)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount


def try_relay_now(name: str) -> None:
    """Forget that the relay (host:port) is stopped. Nothing happens when it is not."""
    db.session.execute(
        update(Relay)
        .where(Relay.name == name)
        .values(stopped_until=None, stop_reason="", failures=0, refusals=0)
        .execution_options(synchronize_session=False)
    )
    audit.record("relay.tried_again", "relay:" + name[:50])
