"""The answers to "Kommer du?": yes is noted, no gives the seat to the queue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.booking import TooLate, cancel_people
from eventsys.events.models import Attendee, AttendeeState, EventState
from eventsys.events.reminders.models import Reminder, ReminderKind
from eventsys.events.seats import locked_event


class NoSeat(Refused):
    """The person has no seat to say yes to."""


def person_by_token(token: str) -> Attendee:
    """Whose own link this is; a booker's link to the whole booking is none. Raises NotFound."""
    attendee = db.session.execute(select(Attendee).where(Attendee.token == token)).scalar_one_or_none()
    if attendee is None:
        raise NotFound
    return attendee


def say_coming(attendee: Attendee, at: datetime) -> None:
    """The person says yes. Raises NoSeat; TooLate when the event has begun or is cancelled. Flushes only."""
    event = locked_event(attendee.event_id)
    if event.state is EventState.CANCELLED or at >= event.starts_at:
        raise TooLate
    db.session.refresh(attendee)
    if attendee.state is not AttendeeState.CONFIRMED:
        raise NoSeat
    attendee.said_coming_at = attendee.said_coming_at or at
    db.session.flush()


def say_not_coming(attendee: Attendee, at: datetime) -> bool:
    """The person says no and the seat goes to the queue; returns whether it was theirs until now. Raises TooLate."""
    return bool(cancel_people([attendee], at))


def said_coming(event_id: int) -> int | None:
    """How many of those with a seat have said that they come; None when nobody has been asked. One query."""
    seated = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW)
    said = (
        select(func.count())
        .select_from(Attendee)
        .where(Attendee.event_id == event_id, Attendee.state.in_(seated), Attendee.said_coming_at.is_not(None))
        .scalar_subquery()
    )
    asked = select(said).select_from(Reminder).where(
        Reminder.event_id == event_id, Reminder.kind == ReminderKind.COMING, Reminder.posted > 0
    )  # fmt: skip
    return db.session.scalar(asked)


def forget_answers(event_id: int) -> None:
    """The event is another day: nobody has said yes to that one. Flushes, does not commit."""
    db.session.execute(
        update(Attendee)
        .where(Attendee.event_id == event_id, Attendee.said_coming_at.is_not(None))
        .values(said_coming_at=None)
    )
