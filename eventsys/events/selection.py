"""A selection of an event's people: whom it means, and what staff do for all of them at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events import waitlist
from eventsys.events.models import ACTIVE, Attendee, AttendeeState
from eventsys.events.seats import locked_event, seats


class Selection(StrEnum):
    """Whom a message goes to."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    ALL = "all"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CHOSEN = "chosen"


STATES: dict[Selection, tuple[AttendeeState, ...]] = {
    Selection.CONFIRMED: (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW),
    Selection.WAITING: (AttendeeState.WAITING, AttendeeState.OFFERED),
    Selection.ALL: ACTIVE,
    Selection.ATTENDED: (AttendeeState.ATTENDED,),
    Selection.NO_SHOW: (AttendeeState.NO_SHOW,),
}


class TooFewSeats(Refused):
    """There are fewer free seats than people chosen; nobody was given one."""


def selected(event_id: int, selection: Selection, ids: Collection[int] = ()) -> list[Attendee]:
    """The people meant, in Swedish order of names. Raises NotFound when a chosen one is not of this event."""
    if selection is Selection.CHOSEN:
        return chosen(event_id, ids)
    query = _people(event_id).where(Attendee.state.in_(STATES[selection]))
    return list(db.session.execute(query).scalars())


def chosen(event_id: int, ids: Collection[int]) -> list[Attendee]:
    """These people of the event. Raises NotFound when one of them is not of this event."""
    wanted = set(ids)
    people = list(db.session.execute(_people(event_id).where(Attendee.id.in_(wanted))).scalars())
    if len(people) != len(wanted):
        raise NotFound
    return people


def _people(event_id: int) -> Select[Attendee]:
    return (
        select(Attendee)
        .options(joinedload(Attendee.registration), joinedload(Attendee.event))
        .where(Attendee.event_id == event_id)
        .order_by(Attendee.sort_key, Attendee.id)
    )


def give_seats(event_id: int, ids: Collection[int], at: datetime) -> int:
    """Give each of these who waits a free seat at once, past the queue; returns how many got one now.

    Those who have a seat already are passed over, so that pressing twice is harmless. All or nobody: raises
    TooFewSeats when there are fewer free seats than people who wait. Raises NotFound. Flushes, does not commit.
    """
    event = locked_event(event_id)
    waits = (AttendeeState.WAITING, AttendeeState.OFFERED)
    people = [attendee for attendee in chosen(event_id, ids) if attendee.state in waits]
    needed, left = sum(attendee.state is AttendeeState.WAITING for attendee in people), seats(event).left
    if needed > left:
        raise TooFewSeats(_too_few(needed, left))
    for attendee in people:
        waitlist.give_seat(attendee, at)
    return len(people)


def _too_few(needed: int, left: int) -> str:
    few = {0: "Det finns ingen ledig plats", 1: "Det finns 1 ledig plats"}
    free = few.get(left, f"Det finns {left} lediga platser")
    people = "1 person" if needed == 1 else f"{needed} personer"
    return f"{free}, men {people} behöver en. Höj antalet platser under Inställningar, eller välj färre."
