"""Changing states: every change is a compare-and-set that also writes history. Nothing else touches `state`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, update

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.models import CHANGES, Delivery, DeliveryEvent, State


class LeaseLost(Exception):
    """A row was not in the state, or not under the lease, that the change stands on. Nothing may be sent on it."""


@dataclass(frozen=True)
class Change:
    """One row from one state to another. `owner` is the lease it stands under, "" for none."""

    delivery_id: int
    was: State
    becomes: State
    owner: str = ""
    reason: str = ""
    smtp_code: int | None = None
    smtp_reply: str = ""
    not_before: datetime | None = None
    """When it may be tried again; None leaves it."""
    subject: str | None = None
    tried: int = 0
    """Added to `attempts`."""
    lease_until: datetime | None = None
    """Keeps the lease until then; None gives it up."""
    address_is_wrong: bool = False
    """The server says that nobody has the address: no letter goes there any more."""
    credit: int = 0
    """What it says about the relay: 1 it takes our letters, -1 it refuses them for a fault of ours, 0 nothing."""
    mailing_id: int | None = None
    """The mailing that the credit is about; None for the relay."""

    def __post_init__(self) -> None:
        if self.becomes not in CHANGES[self.was]:
            raise ValueError(f"{self.was} never becomes {self.becomes}")


_DELIVERY = Delivery.__table__
_COMPARE_AND_SET = (
    update(_DELIVERY)  # type: ignore[arg-type]
    .where(
        _DELIVERY.c.id == bindparam("the_id"),
        _DELIVERY.c.state == bindparam("was"),
        _DELIVERY.c.lease_owner == bindparam("owner"),
    )
    .values(
        state=bindparam("becomes"),
        reason=bindparam("why"),
        smtp_code=bindparam("code"),
        smtp_reply=bindparam("reply"),
        not_before=func.coalesce(bindparam("earliest", type_=_DELIVERY.c.not_before.type), _DELIVERY.c.not_before),
        subject=func.coalesce(bindparam("line", type_=_DELIVERY.c.subject.type), _DELIVERY.c.subject),
        attempts=_DELIVERY.c.attempts + bindparam("tried"),
        lease_owner=bindparam("owner_after"),
        lease_until=bindparam("until"),
        changed_at=bindparam("at"),
    )
)
_HISTORY = insert(DeliveryEvent.__table__)  # type: ignore[arg-type]


def apply_changes(changes: Sequence[Change]) -> None:
    """Make all these changes, each row at most once, in the caller's transaction.

    Raises LeaseLost when one of them did not find its row; the caller must then roll back.
    """
    if not changes:
        return
    at = now()
    connection = db.session.connection()
    done = connection.execute(_COMPARE_AND_SET, [_parameters(change, at) for change in changes])
    if done.rowcount != len(changes):
        raise LeaseLost([change.delivery_id for change in changes])
    connection.execute(_HISTORY, [_event(change, at) for change in changes])


def _parameters(change: Change, at: datetime) -> dict[str, Any]:
    return {
        "the_id": change.delivery_id, "was": change.was, "owner": change.owner, "becomes": change.becomes,
        "why": change.reason[:300], "code": change.smtp_code, "reply": change.smtp_reply[:500],
        "earliest": change.not_before, "line": change.subject, "tried": change.tried,
        "owner_after": change.owner if change.lease_until else "", "until": change.lease_until, "at": at,
    }  # fmt: skip


def _event(change: Change, at: datetime) -> dict[str, Any]:
    return {
        "delivery_id": change.delivery_id, "at": at, "was": change.was, "became": change.becomes,
        "smtp_code": change.smtp_code, "detail": " ".join(filter(None, (change.reason, change.smtp_reply))),
    }  # fmt: skip


def note_history(delivery_ids: Sequence[int], was: State | None, became: State, detail: str = "") -> None:
    """History of rows that one statement changed together."""
    at = now()
    if delivery_ids:
        db.session.execute(
            _HISTORY,
            [
                {"delivery_id": each, "at": at, "was": was, "became": became, "smtp_code": None, "detail": detail}
                for each in delivery_ids
            ],
        )
