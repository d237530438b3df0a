"""Taking letters in small portions under a lease, giving them back, and taking over what the dead held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, or_, select, update

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail import throttle
from eventsys.mail.delivery.changes import note_history
from eventsys.mail.models import Delivery, Mailing, MailingState, State

# A run works for 50 seconds and then gives back what it has not begun.
CLAIM_LEASE = timedelta(minutes=2)
LOST_IN_FLIGHT = (
    "Programmet eller förbindelsen bröts just när brevet lämnades över. Det går inte att veta om det kom fram."
)


@dataclass(frozen=True)
class Claim:
    """A letter that is ours to send until the lease is over, not before its slot."""

    id: int
    letter: str
    subject_id: int
    mailing_id: int | None
    address: str
    name: str
    lang: str
    attempts: int
    not_after: datetime | None
    token: str
    message_id: str
    came_from: State
    owner: str
    slot: datetime


def claim(relay: str, owner: str, most: int) -> list[Claim]:
    """Claim at most this many due letters for `owner`, as many as the relay's pace allows, those that hurry first."""
    at = now()
    row = throttle.relay_row(relay, at, lock=True)
    granted = throttle.grant(row, most, at)
    found = _due_rows(len(granted.slots), at)
    slots = granted.slots[: len(found)]
    throttle.take(row, slots)
    db.session.flush()
    _lease([each.id for each in found], owner, at + CLAIM_LEASE, at)
    for state in (State.QUEUED, State.DEFERRED):
        note_history([each.id for each in found if each.state == state], state, State.CLAIMED)
    return [_claim_of(each, owner, slot) for each, slot in zip(found, slots, strict=True)]


def _due_rows(most: int, at: datetime) -> list[Row[Any]]:
    """Each state is asked for by itself, so that the index gives the order and nothing is sorted."""
    if not most:
        return []
    found = [row for state in (State.QUEUED, State.DEFERRED) for row in _due_in(state, most, at)]
    return sorted(found, key=lambda row: (row.priority, row.id))[:most]


def _due_in(state: State, most: int, at: datetime) -> list[Row[Any]]:
    query = (
        select(
            Delivery.id, Delivery.letter, Delivery.subject_id, Delivery.mailing_id, Delivery.address, Delivery.name,
            Delivery.lang, Delivery.attempts, Delivery.not_after, Delivery.token, Delivery.message_id, Delivery.state,
            Delivery.priority,
        )
        .where(Delivery.state == state, Delivery.not_before <= at, is_not_paused())
        .order_by(Delivery.priority, Delivery.id)
        .limit(most)
        .with_for_update(of=Delivery, skip_locked=True)
    )  # fmt: skip
    return cast("list[Row[Any]]", db.session.execute(query).all())


def is_not_paused() -> ColumnElement[bool]:
    """Letters of a cancelled mailing are claimed too: they end as skipped, each with the reason."""
    moving = select(Mailing.id).where(Mailing.state.in_((MailingState.RUNNING, MailingState.CANCELLED)))
    return or_(Delivery.mailing_id.is_(None), Delivery.mailing_id.in_(moving))


def _lease(ids: list[int], owner: str, until: datetime, at: datetime) -> None:
    if ids:
        db.session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids), Delivery.state.in_((State.QUEUED, State.DEFERRED)))
            .values(state=State.CLAIMED, lease_owner=owner, lease_until=until, changed_at=at)
            .execution_options(synchronize_session=False)
        )


def _claim_of(row: Row[Any], owner: str, slot: datetime) -> Claim:
    values = row._asdict()
    values.pop("priority")
    return Claim(came_from=values.pop("state"), owner=owner, slot=slot, **values)


def give_back(relay: str, owner: str) -> int:
    """What this owner claimed and has not begun goes back into the queue. Returns how many letters."""
    ids = _move_all(
        State.CLAIMED, State.QUEUED, Delivery.lease_owner == owner,
    )  # fmt: skip
    if ids:
        throttle.give_back(throttle.relay_row(relay, now(), lock=True), len(ids))
    return len(ids)


def reclaim_expired(at: datetime | None = None) -> int:
    """What a dead process held: claimed goes back into the queue, in flight becomes unknown. Returns how many letters.

    A claimed letter was not begun, so it is safe to send. One in flight may have arrived, and is never sent again by
    itself.
    """
    over = Delivery.lease_until < (at or now())
    safe = _move_all(State.CLAIMED, State.QUEUED, over)
    lost = _move_all(State.IN_FLIGHT, State.UNKNOWN, over, LOST_IN_FLIGHT)
    return len(safe) + len(lost)


def _move_all(was: State, becomes: State, which: ColumnElement[bool], reason: str = "") -> list[int]:
    ids = list(
        db.session.scalars(
            update(Delivery)
            .where(Delivery.state == was, which)
            .values(state=becomes, lease_owner="", lease_until=None, reason=reason, changed_at=now())
            .returning(Delivery.id)
            .execution_options(synchronize_session=False)
        )
    )
    note_history(ids, was, becomes, reason)
    return ids
