"""Short words for tests about reminders: times on the wall, what is planned, what has been posted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.clock import from_local, now
from eventsys.database import db, transaction
from eventsys.events import actors
from eventsys.events.models import Attendee, DayBefore, Event, EventState
from eventsys.events.reminders.due import due_times
from eventsys.events.reminders.models import Reminder, ReminderKind
from eventsys.events.reminders.sending import due_reminders
from eventsys.mail.models import Delivery
from tests.events.scenes import publish
from tests.factories import make_event

WEEK, DAY, COMING, AFTER = ReminderKind.WEEK, ReminderKind.DAY, ReminderKind.COMING, ReminderKind.AFTER
EVERYTHING = {"remind_week": True, "day_before": DayBefore.ASK, "says_thanks": True}
MINUTE = timedelta(minutes=1)


def wall(text: str) -> datetime:
    """`2026-03-12 12.00` on a clock in Borås."""
    return from_local(datetime.strptime(text, "%Y-%m-%d %H.%M"))  # noqa: DTZ007  (a wall time has no zone)


def lunch(starts: str = "2026-03-26 12.00", **given: object) -> Event:
    """A published event with everything asked for; a Thursday three weeks after the Monday of these tests."""
    starts_at = wall(starts)
    values = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1), "state": EventState.DRAFT}
    event = make_event(**{**EVERYTHING, **values, **given})
    return publish(event.id, now())


def due_of(starts: str, ends: str = "", **asked: object) -> dict[ReminderKind, datetime]:
    """When the rounds of an event at this time are due."""
    event = Event(starts_at=wall(starts), ends_at=wall(ends or starts), **{**EVERYTHING, **asked})
    return due_times(event)


def planned(event: Event) -> dict[ReminderKind, datetime]:
    """What stands in the table for the event and has not gone out."""
    return {row.kind: row.due_at for row in rows(event) if row.finished_at is None}


def rows(event: Event) -> list[Reminder]:
    db.session.rollback()
    db.session.expire_all()
    query = select(Reminder).where(Reminder.event_id == event.id).order_by(Reminder.due_at)
    return list(db.session.execute(query).scalars())


def row(event: Event, kind: ReminderKind) -> Reminder:
    return next(one for one in rows(event) if one.kind is kind)


def tick() -> None:
    """What a tick and its workers do."""
    db.session.rollback()
    for reminder_id in due_reminders(now()):
        actors.send_reminders(reminder_id)
    db.session.expire_all()


def reminded(letter: str) -> list[str]:
    """Who has been posted this letter (`coming`), in the order of the posting."""
    db.session.rollback()
    query = select(Delivery.name).where(Delivery.letter == f"events/{letter}").order_by(Delivery.id)
    return list(db.session.execute(query).scalars())


def delivery(letter: str, name: str) -> Delivery:
    db.session.rollback()
    db.session.expire_all()
    query = select(Delivery).where(Delivery.letter == f"events/{letter}", Delivery.name == name)
    return db.session.execute(query).scalar_one()


def set_states(event: Event, **states_by_first_name: object) -> None:
    """What the door or staff said of people, by first name; and that the attendance is closed now."""
    with transaction():
        for attendee in db.session.execute(select(Attendee).where(Attendee.event_id == event.id)).scalars():
            first = attendee.name.split()[0]
            if first in states_by_first_name:
                attendee.state = states_by_first_name[first]  # type: ignore[assignment]
        db.session.get_one(Event, event.id).attendance_closed_at = now()
