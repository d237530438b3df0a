"""The queue: who is offered the next free seat, and what becomes of the offer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events import notices
from eventsys.events.deadlines import offer_deadline
from eventsys.events.models import Attendee, AttendeeState, Event, EventPhase, EventState
from eventsys.events.programme.promotion import promote_sessions
from eventsys.events.seats import Seats, locked_event, seats
from eventsys.events.states import move


class OfferGone(Refused):
    """There is no open offer of a seat any more."""


class WhyNoOffer(StrEnum):
    """Why nobody in the queue has been offered a seat; what staff read."""

    NOBODY_WAITS = "nobody_waits"
    NO_SEAT = "no_seat"
    PAUSED = "paused"
    TOO_LATE = "too_late"
    PARTIES_TOO_LARGE = "parties_too_large"
    NOT_PUBLISHED = "not_published"


def promote_from_waitlist(event: Event, at: datetime) -> list[Attendee]:
    """Offer every free seat to the queue, first come first served, and return who got an offer.

    Called from every path that frees or adds a seat, under the event's lock. A party that wants to sit together or not
    at all keeps its place in the queue but lets smaller ones pass while there are too few seats for all of it.
    """
    deadline = None if _hindered(event, at) else offer_deadline(at, event.offers_end_at)
    if deadline is None:
        return []
    offered: list[Attendee] = []
    left = seats(event).left
    for party in _parties(event) if left else ():
        if len(party) > left:
            continue
        for attendee in party:
            _offer(attendee, at, deadline)
        offered += party
        left -= len(party)
        if not left:
            break
    db.session.flush()
    return offered


def why_no_offer(event: Event, at: datetime, counted: Seats | None = None) -> WhyNoOffer | None:
    """Why no free seat is offered to the queue now; None when offers are being made.

    `counted` are the event's seats where the caller has counted those of many events at once.
    """
    now = counted or seats(event)
    if not now.waiting:
        return WhyNoOffer.NOBODY_WAITS
    if (hindrance := _hindered(event, at)) is not None:
        return hindrance
    if not now.left:
        return WhyNoOffer.NO_SEAT
    if offer_deadline(at, event.offers_end_at) is None:
        return WhyNoOffer.TOO_LATE
    return WhyNoOffer.PARTIES_TOO_LARGE


def _hindered(event: Event, at: datetime) -> WhyNoOffer | None:
    if event.state is not EventState.PUBLISHED:
        return WhyNoOffer.NOT_PUBLISHED
    if event.queue_paused:
        return WhyNoOffer.PAUSED
    if event.phase(at) is EventPhase.OVER or at >= event.offers_end_at:
        return WhyNoOffer.TOO_LATE
    return None


def waiting_in_order(event_id: int) -> list[Attendee]:
    """Everybody in the queue, first come first."""
    query = (
        select(Attendee)
        .options(joinedload(Attendee.registration))
        .where(Attendee.event_id == event_id, Attendee.state == AttendeeState.WAITING)
        .order_by(Attendee.queued_at, Attendee.id)
    )
    return list(db.session.execute(query).scalars())


def position_in_queue(attendee: Attendee) -> int | None:
    """1 for the first in the queue; None for those who do not wait."""
    return positions_in_queue([attendee]).get(attendee.id)


def positions_in_queue(attendees: Sequence[Attendee]) -> dict[int, int]:
    """The places of those people of one event who wait, from one look at its queue: attendee id -> 1 for the first."""
    waiting = {attendee.id for attendee in attendees if attendee.state is AttendeeState.WAITING}
    if not waiting:
        return {}
    queue = enumerate(waiting_in_order(attendees[0].event_id), start=1)
    return {attendee.id: place for place, attendee in queue if attendee.id in waiting}


def _parties(event: Event) -> Iterable[list[Attendee]]:
    """The queue as parties: who wants to sit together at the place of the last of them, everybody else alone.

    The last, so that nobody passes the queue by being added to a booking that stands far ahead.
    """
    parties: dict[tuple[str, int], list[Attendee]] = {}
    for attendee in waiting_in_order(event.id):
        together = attendee.registration.all_or_none
        party = ("booking", attendee.registration_id) if together else ("person", attendee.id)
        parties[party] = [*parties.pop(party, []), attendee]
    return parties.values()


def _offer(attendee: Attendee, at: datetime, deadline: datetime) -> None:
    move(attendee, AttendeeState.OFFERED, at)
    attendee.offered_at, attendee.offer_ends_at = at, deadline
    notices.tell_offer(attendee)


def accept_offer(attendee: Attendee, at: datetime) -> None:
    """The person takes the offered seat, and the sessions wished for that have room.

    Raises OfferGone when the offer has ended. Flushes, does not commit.
    """
    event = _locked_with_offer(attendee, at)
    move(attendee, AttendeeState.CONFIRMED, at)
    db.session.flush()
    promote_sessions(event, at, untold=[attendee])
    notices.tell_confirmed(attendee)


def decline_offer(attendee: Attendee, at: datetime) -> None:
    """The person does not want the seat; the next in the queue is offered it. Raises OfferGone."""
    event = _locked_with_offer(attendee, at)
    move(attendee, AttendeeState.DECLINED, at)
    db.session.flush()
    promote_from_waitlist(event, at)


def _locked_with_offer(attendee: Attendee, at: datetime) -> Event:
    event = locked_event(attendee.event_id)
    db.session.refresh(attendee)
    if attendee.state is not AttendeeState.OFFERED or attendee.offer_ends_at is None or at >= attendee.offer_ends_at:
        raise OfferGone
    return event


def expire_offers(event_id: int, at: datetime) -> int:
    """End the offers whose time is out and offer the seats to the next in the queue; returns how many ended.

    Also picks up seats that stayed free, such as after a pause was lifted. Flushes, does not commit.
    """
    event = locked_event(event_id)
    query = select(Attendee).where(
        Attendee.event_id == event_id, Attendee.state == AttendeeState.OFFERED, Attendee.offer_ends_at <= at
    )
    ended = list(db.session.execute(query).scalars())
    for attendee in ended:
        move(attendee, AttendeeState.EXPIRED, at)
        notices.tell_offer_ended(attendee)
    db.session.flush()
    promote_from_waitlist(event, at)
    return len(ended)


def give_seat(attendee: Attendee, at: datetime) -> None:
    """Staff give somebody who waits a free seat at once, past the queue. Raises OfferGone when no seat is free."""
    event = locked_event(attendee.event_id)
    db.session.refresh(attendee)
    takes_new_seat = attendee.state is AttendeeState.WAITING
    if attendee.state not in (AttendeeState.WAITING, AttendeeState.OFFERED) or (
        takes_new_seat and not seats(event).left
    ):
        raise OfferGone
    move(attendee, AttendeeState.CONFIRMED, at)
    db.session.flush()
    promote_sessions(event, at, untold=[attendee])
    audit.record("attendee.given_seat", f"event:{event.id}", attendee=attendee.id)
    notices.tell_confirmed(attendee)


def pause_queue(event: Event, paused: bool, at: datetime) -> None:
    """Stop or go on offering free seats to the queue."""
    event = locked_event(event.id)
    event.queue_paused = paused
    audit.record("queue.paused" if paused else "queue.resumed", f"event:{event.id}")
    db.session.flush()
    promote_from_waitlist(event, at)


def events_with_work(at: datetime) -> list[int]:
    """Ids of events with an offer whose time is out, for the clock."""
    query = (
        select(Attendee.event_id)
        .where(Attendee.state == AttendeeState.OFFERED, Attendee.offer_ends_at <= at)
        .distinct()
    )
    return list(db.session.execute(query).scalars())
