"""What the clock does about mailings: the late and the stalled are paused, those that are through are done."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, exists, insert, literal, or_, select, update

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.mail.delivery.claiming import STALLED_AFTER
from eventsys.mail.delivery.lastword import CANCELLED
from eventsys.mail.models import WAITING, Delivery, DeliveryEvent, Mailing, MailingState, State


def look_after(at: datetime) -> None:
    """For the tick. Opens its own transaction, and only when there is a mailing to look after."""
    in_course = or_(
        Mailing.state == MailingState.SENDING,
        (Mailing.state == MailingState.CANCELLED) & Mailing.finished_at.is_(None),
    )
    if not db.session.scalar(select(exists().where(in_course))):
        return
    with transaction():
        for mailing in db.session.scalars(select(Mailing).where(in_course).with_for_update()):
            _look_after(mailing, at)


def _look_after(mailing: Mailing, at: datetime) -> None:
    if mailing.state is MailingState.CANCELLED:
        skip_all(mailing.id)
        if not _has_letters_waiting(mailing.id):
            mailing.finished_at = at
    elif mailing.begun_at is None:
        if mailing.not_after is not None and at > mailing.not_after and mailing.starts_at is not None:
            _pause(mailing, f"Utskicket skulle ha börjat {_moment(mailing.starts_at)}, men systemet var inte igång då.")
    elif not _has_letters_waiting(mailing.id):
        mailing.state, mailing.finished_at = MailingState.DONE, at
    elif mailing.moved_at is not None and at > mailing.moved_at + STALLED_AFTER:
        _pause(mailing, f"Utskicket har stått stilla sedan {_moment(mailing.moved_at)}.")


def _pause(mailing: Mailing, why: str) -> None:
    mailing.state = MailingState.PAUSED
    mailing.reason = f"{why} Det går inte vidare av sig självt: låt det fortsätta om det fortfarande ska skickas."


def _moment(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H.%M}"


def _has_letters_waiting(mailing_id: int) -> bool:
    waiting = exists().where(Delivery.mailing_id == mailing_id, Delivery.state.in_(WAITING))
    return bool(db.session.scalar(select(waiting)))


def skip_all(mailing_id: int) -> int:
    """Letters of a cancelled mailing that nobody has claimed are skipped at once; how many."""
    return sum(_skip(mailing_id, state) for state in (State.QUEUED, State.DEFERRED))


def _skip(mailing_id: int, state: State) -> int:
    at = now()
    of_it = (Delivery.mailing_id == mailing_id, Delivery.state == state)
    moment, was, became = literal(at, DeliveryEvent.at.type), literal(state.value), literal(State.SKIPPED.value)
    history = select(Delivery.id, moment, was, became, literal(CANCELLED)).where(*of_it)
    db.session.execute(
        insert(DeliveryEvent.__table__).from_select(["delivery_id", "at", "was", "became", "detail"], history)  # type: ignore[arg-type]
    )
    done = db.session.execute(
        update(Delivery)
        .where(*of_it)
        .values(state=State.SKIPPED, reason=CANCELLED, changed_at=at)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[tuple[int]]", done).rowcount
