"""Taking letters in small portions under a lease, giving them back, and taking over what the dead held."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, update

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail import throttle
from eventsys.mail.claim import Claim
from eventsys.mail.delivery.changes import note_history
from eventsys.mail.models import WAITING, Delivery, Mailing, MailingState, Priority, State

# A run works for 50 seconds and then gives back what it has not begun.
CLAIM_LEASE = timedelta(minutes=2)
# Longer than a relay's daily cap can keep it waiting.
STALLED_AFTER = timedelta(hours=26)
_TO_SEND = (State.QUEUED, State.DEFERRED)
LOST_IN_FLIGHT = (
    "Programmet eller förbindelsen bröts just när brevet lämnades över. Det går inte att veta om det kom fram."
)


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
    if moved := {each.mailing_id for each in found if each.mailing_id is not None}:
        _mark_moved(moved, at)
    for state in _TO_SEND:
        note_history([each.id for each in found if each.state == state], state, State.CLAIMED)
    return [_claim_of(each, owner, slot) for each, slot in zip(found, slots, strict=True)]


def _due_rows(most: int, at: datetime) -> list[Row[Any]]:
    """Each mailing and state is asked for by itself, so that the index gives the order and what is paused costs
    nothing."""
    if not most:
        return []
    found = [row for which in claimable(at) for state in _TO_SEND for row in _due_in(state, which, most, at)]
    return sorted(found, key=lambda row: (row.priority, row.id))[:most]


def _due_in(state: State, which: ColumnElement[bool], most: int, at: datetime) -> list[Row[Any]]:
    query = (
        select(
            Delivery.id, Delivery.letter, Delivery.subject_id, Delivery.mailing_id, Delivery.address, Delivery.name,
            Delivery.lang, Delivery.attempts, Delivery.not_after, Delivery.token, Delivery.message_id, Delivery.state,
            Delivery.priority,
        )
        .where(which, Delivery.state == state, Delivery.not_before <= at)
        .order_by(Delivery.priority, Delivery.id)
        .limit(most)
        .with_for_update(of=Delivery, skip_locked=True)
    )  # fmt: skip
    return cast("list[Row[Any]]", db.session.execute(query).all())


def something_is_due(at: datetime) -> bool:
    """Whether anything could be claimed, the relay's pace aside."""
    return any(
        db.session.scalar(select(exists().where(which, Delivery.state == state, Delivery.not_before <= at)))
        for which in claimable(at)
        for state in _TO_SEND
    )


def claimable(at: datetime) -> list[ColumnElement[bool]]:
    """Which letters may be claimed: those by themselves, and those of every mailing on its way."""
    moving = db.session.execute(select(Mailing.id, Mailing.hold_seconds, Mailing.held_until).where(_is_on_its_way(at)))
    return [Delivery.mailing_id.is_(None), *(_letters_of(mailing, at) for mailing in moving)]


def _is_on_its_way(at: datetime) -> ColumnElement[bool]:
    in_time = or_(Mailing.begun_at.is_not(None), Mailing.not_after.is_(None), Mailing.not_after >= at)
    alive = or_(Mailing.moved_at.is_(None), Mailing.moved_at >= at - STALLED_AFTER)
    begins = or_(Mailing.starts_at.is_(None), Mailing.starts_at <= at)
    return and_(Mailing.state == MailingState.SENDING, begins, in_time, alive)


def _letters_of(mailing: Any, at: datetime) -> ColumnElement[bool]:
    of_it = Delivery.mailing_id == mailing.id
    is_held = mailing.hold_seconds and (mailing.held_until is None or mailing.held_until > at)
    return and_(of_it, Delivery.priority < Priority.MAILING) if is_held else of_it


def _mark_moved(ids: set[int], at: datetime) -> None:
    for mailing in db.session.execute(select(Mailing.id, Mailing.hold_seconds).where(Mailing.id.in_(ids))).all():
        db.session.execute(
            update(Mailing)
            .where(Mailing.id == mailing.id)
            .values(
                moved_at=at,
                begun_at=func.coalesce(Mailing.begun_at, at),
                held_until=func.coalesce(Mailing.held_until, at + timedelta(seconds=mailing.hold_seconds)),
            )
            .execution_options(synchronize_session=False)
        )


def _lease(ids: list[int], owner: str, until: datetime, at: datetime) -> None:
    if ids:
        db.session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids), Delivery.state.in_(_TO_SEND))
            .values(state=State.CLAIMED, lease_owner=owner, lease_until=until, changed_at=at)
            .execution_options(synchronize_session=False)
        )


def _claim_of(row: Row[Any], owner: str, slot: datetime) -> Claim:
    known: tuple[Any, ...] = (*row[:-1], owner, slot)  # all but the priority
    return Claim(*known)


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


def doubt_waiting(reason: str) -> int:
    """In a restored backup: what was due and waited may have left since, so it is unknown and never sent by itself.

    Letters that are due later, those of mailings that begin later, and those of cancelled mailings wait on. `reason`
    is Swedish, for staff. Returns how many letters.
    """
    at = now()
    not_yet = select(Mailing.id).where(or_(Mailing.state == MailingState.CANCELLED, Mailing.starts_at > at))
    was_due = and_(Delivery.not_before <= at, or_(Delivery.mailing_id.is_(None), Delivery.mailing_id.not_in(not_yet)))
    return sum(len(_move_all(state, State.UNKNOWN, was_due, reason)) for state in WAITING)


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
