"""The queues of the sessions: who gets a place that has come free, and the swaps that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from eventsys.database import db
from eventsys.events.models import Attendee, Event, EventState, Registration
from eventsys.events.programme import notices
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.programme.queries import COMES, places_in


def promote_sessions(event: Event, at: datetime, untold: Collection[Attendee] = ()) -> list[SessionChoice]:
    """Give every free place in the event's sessions to the first in its queue; returns the places that were taken.

    Called from every path that frees or adds a place, under the event's lock. Who is given a place leaves the one held
    in the same slot in the same moment, which frees that for the next, and so on until nothing moves. When the first in
    the queues of full sessions hold each other's places, they change places. Nobody is asked: the place is theirs, and
    they are told by letter, except `untold`, who are told by another. Slots that have begun stay as they are.
    Flushes, does not commit.
    """
    queue = _queue(event, at) if event.state is EventState.PUBLISHED else []
    if not queue:
        return []
    moved = _moves(queue, _free(event), _held_in_slots(queue))
    _change_places(moved, at)
    _tell([choice for choice, _old in moved], untold)
    return [choice for choice, _old in moved]


Move = tuple[SessionChoice, SessionChoice | None]
"""A place in a queue that becomes a place, and the place that is left for it."""


def _queue(event: Event, at: datetime) -> list[SessionChoice]:
    """Everybody who waits for a session and comes to the event, first come first."""
    query = (
        select(SessionChoice)
        .join(SessionChoice.attendee)
        .join(SessionChoice.session)
        .join(Session.slot)
        .options(
            contains_eager(SessionChoice.attendee)
            .joinedload(Attendee.registration)
            .selectinload(Registration.attendees),
            contains_eager(SessionChoice.session).contains_eager(Session.slot),
        )
        .where(
            Slot.event_id == event.id,
            Slot.starts_at > at,
            Slot.removed_at.is_(None),
            Session.removed_at.is_(None),
            SessionChoice.state == ChoiceState.WAITING,
            Attendee.state.in_(COMES),
        )
        .order_by(SessionChoice.queued_at, SessionChoice.id)
    )
    return list(db.session.execute(query).scalars())


def _free(event: Event) -> dict[int, int]:
    """Session id -> free places; below zero where there are fewer places than people who hold one."""
    return {session_id: places.capacity - places.held for session_id, places in places_in(event).items()}


def _held_in_slots(queue: Sequence[SessionChoice]) -> dict[int, SessionChoice]:
    """Id of a place in a queue -> the place its person holds in the same slot meanwhile."""
    query = (
        select(SessionChoice)
        .options(joinedload(SessionChoice.session))
        .where(
            SessionChoice.attendee_id.in_({choice.attendee_id for choice in queue}),
            SessionChoice.state == ChoiceState.HELD,
        )
    )
    held = {(choice.attendee_id, choice.slot_id): choice for choice in db.session.execute(query).scalars()}
    return {one.id: held[one.attendee_id, one.slot_id] for one in queue if (one.attendee_id, one.slot_id) in held}


def _moves(queue: list[SessionChoice], free: dict[int, int], held: dict[int, SessionChoice]) -> list[Move]:
    """Who moves where, in order, until no place is free that somebody waits for and nobody can change with another."""
    waiting, moves = list(queue), []
    while found := _first_with_a_free_place(waiting, free) or _who_change_with_each_other(waiting, held):
        for choice in found:
            old = held.get(choice.id)
            waiting.remove(choice)
            moves.append((choice, old))
            free[choice.session_id] -= 1
            if old is not None:
                free[old.session_id] += 1
    return moves


def _first_with_a_free_place(waiting: Sequence[SessionChoice], free: dict[int, int]) -> list[SessionChoice]:
    # The queues of all sessions in one order of time: the first found is the first in its own queue too.
    return next(([choice] for choice in waiting if free[choice.session_id] > 0), [])


def _who_change_with_each_other(
    waiting: Sequence[SessionChoice], held: dict[int, SessionChoice]
) -> list[SessionChoice]:
    """First ones of full sessions' queues, each of whom holds a place that the next of them is first in line for."""
    first = {choice.session_id: choice for choice in reversed(waiting)}
    for begin in first.values():
        ring, choice = [], begin
        while choice not in ring:
            ring.append(choice)
            old = held.get(choice.id)
            if old is None or old.session_id not in first:
                break
            choice = first[old.session_id]
        else:
            return ring[ring.index(choice) :]
    return []


def _change_places(moves: Sequence[Move], at: datetime) -> None:
    """Every old place is left before any new one is taken: the database allows one place in a slot."""
    for _choice, old in moves:
        if old is not None:
            old.state, old.left_at = ChoiceState.LEFT, at
    db.session.flush()
    for choice, _old in moves:
        choice.state, choice.held_at = ChoiceState.HELD, at
    db.session.flush()


def _tell(choices: Sequence[SessionChoice], untold: Collection[Attendee]) -> None:
    for choice in choices:
        if choice.attendee not in untold:
            choice.attendee.letter_number += 1
            notices.tell_session_gained(choice)
    db.session.flush()
