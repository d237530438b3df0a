"""Short words for tests about events: times, verbs inside a transaction, what lies in the tables."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import select

from eventsys.database import db, transaction
from eventsys.events import booking, moving, planning, registration, waitlist
from eventsys.events.models import Attendee, AttendeeState, Event, Registration, RevokedTicket
from eventsys.mail.models import Delivery

P = ParamSpec("P")
R = TypeVar("R")

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 10.00 in Borås, winter time
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

WAITING, OFFERED, CONFIRMED = AttendeeState.WAITING, AttendeeState.OFFERED, AttendeeState.CONFIRMED
CANCELLED, DECLINED, EXPIRED = AttendeeState.CANCELLED, AttendeeState.DECLINED, AttendeeState.EXPIRED


def kept(verb: Callable[P, R]) -> Callable[P, R]:
    """The verb in a transaction of its own, as a door calls it."""

    @functools.wraps(verb)
    def door(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction():
            return verb(*args, **kwargs)

    return door


register = kept(registration.register)
register_by_hand = kept(registration.register_by_hand)
add_person = kept(registration.add_person)
cancel_people = kept(booking.cancel_people)
cancel_by_staff = kept(booking.cancel_by_staff)
change_details = kept(booking.change_details)
change_booker = kept(booking.change_booker)
accept_offer = kept(waitlist.accept_offer)
decline_offer = kept(waitlist.decline_offer)
expire_offers = kept(waitlist.expire_offers)
give_seat = kept(waitlist.give_seat)
pause_queue = kept(waitlist.pause_queue)
move_to_event = kept(moving.move_to_event)
edit_event = kept(planning.edit_event)
publish = kept(planning.publish)
cancel_event = kept(planning.cancel_event)
delete_draft = kept(planning.delete_draft)


def person(name: str) -> Attendee:
    """The newest attendee of this name, as the table has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.execute(
        select(Attendee).where(Attendee.name == name).order_by(Attendee.id.desc()).limit(1)
    ).scalar_one()


def states(event: Event) -> dict[str, AttendeeState]:
    """Name -> state of everybody who was ever at the event."""
    db.session.rollback()
    return dict(map(tuple, _rows(Attendee.name, Attendee.state, Attendee.event_id == event.id)))


def counted(event: Event) -> Counter[AttendeeState]:
    return Counter(states_of_rows(event))


def states_of_rows(event: Event) -> list[AttendeeState]:
    db.session.rollback()
    return [state for (state,) in _rows(Attendee.state, Attendee.event_id == event.id)]


def bookings(event: Event) -> int:
    db.session.rollback()
    return len(_rows(Registration.id, Registration.event_id == event.id))


def _rows(*columns_and_condition: Any) -> list[Any]:
    *columns, condition = columns_and_condition
    return list(db.session.execute(select(*columns).where(condition)).all())


def letters(name: str | None = None) -> list[str]:
    """The letters posted so far, oldest first, without `events/`; of one person by name, or `Name: letter` of all."""
    db.session.rollback()
    rows = db.session.execute(select(Delivery.name, Delivery.letter).order_by(Delivery.id)).all()
    if name is not None:
        return [letter.removeprefix("events/") for to, letter in rows if to == name]
    return [f"{to}: {letter.removeprefix('events/')}" for to, letter in rows]


def revoked(code: str) -> str | None:
    """Why a ticket code is revoked, or None when it is not."""
    db.session.rollback()
    found = db.session.get(RevokedTicket, code)
    return found.reason if found else None


def active_claims(event: Event) -> list[str]:
    """The addresses held by active people, each as often as it is held."""
    db.session.rollback()
    query = select(Attendee.address_claim).where(
        Attendee.event_id == event.id,
        Attendee.state.in_((WAITING, OFFERED, CONFIRMED)),
        Attendee.address_claim.is_not(None),
    )
    return sorted(claim for claim in db.session.execute(query).scalars() if claim)
