"""Posting what is due: one letter a person, in portions, going on where it was however often it is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.invitations.reminding import remind_silent
from eventsys.events.models import Attendee, AttendeeState, Event, EventState
from eventsys.events.reminders.due import of_use_until
from eventsys.events.reminders.models import Reminder, ReminderKind
from eventsys.events.reminders.notices import post_round, purpose
from eventsys.events.seats import locked_event
from eventsys.mail.models import Delivery

PORTION = 100
"""People a transaction, so that others wait for the event's lock no longer than a registration takes."""
TIME_TO_CORRECT = timedelta(hours=1)
"""After staff have said who came; the pages about attendance let them undo it."""


def due_reminders(at: datetime) -> list[int]:
    """Ids of the rounds that are due, for the clock.

    Thanks wait until it is known who came, or until they are of no use any more.
    """
    query = (
        select(Reminder)
        .join(Reminder.event)
        .options(contains_eager(Reminder.event))
        .where(Reminder.finished_at.is_(None), Reminder.due_at <= at, Event.state == EventState.PUBLISHED)
        .order_by(Reminder.due_at, Reminder.id)
    )
    found = db.session.execute(query).scalars()
    return [row.id for row in found if not waits_for_attendance(row.event, row.kind, at)]


def waits_for_attendance(event: Event, kind: ReminderKind, at: datetime) -> bool:
    """Nobody is thanked, or missed, before it is known who came and there was time to put a mistake right."""
    if kind is not ReminderKind.AFTER or at >= of_use_until(event, kind):
        return False
    return event.attendance_closed_at is None or at < event.attendance_closed_at + TIME_TO_CORRECT


def send_portion(reminder_id: int, at: datetime) -> bool:
    """Post the next letters of a round that is due; returns whether there may be more.

    Whom a letter of this kind has been posted to before is passed over, so a round that was stopped goes on and one
    that is opened again reaches only the others. A round that comes too late is closed without a letter.
    Raises NotFound. Flushes, does not commit.
    """
    reminder = _locked(reminder_id)
    event = reminder.event
    if reminder.finished_at is not None or reminder.due_at > at or event.state is not EventState.PUBLISHED:
        return False
    if waits_for_attendance(event, reminder.kind, at):
        return False
    goes_on = _send_next(reminder, at)
    reminder.finished_at = None if goes_on else at
    db.session.flush()
    return goes_on


def _send_next(reminder: Reminder, at: datetime) -> bool:
    last = of_use_until(reminder.event, reminder.kind)
    if at >= last:
        return False
    if reminder.kind is ReminderKind.SILENT:
        reminder.posted += remind_silent(reminder.event_id, at)
        return False
    people = _next_people(reminder)
    reminder.posted += post_round(reminder.kind, people, last)
    return len(people) == PORTION


def _locked(reminder_id: int) -> Reminder:
    reminder = db.session.get(Reminder, reminder_id)
    if reminder is None:
        raise NotFound
    locked_event(reminder.event_id)
    fresh = db.session.execute(select(Reminder).where(Reminder.id == reminder_id)).scalar_one_or_none()
    if fresh is None:
        raise NotFound
    return fresh


def _next_people(reminder: Reminder) -> Sequence[Attendee]:
    query = (
        select(Attendee)
        .options(joinedload(Attendee.registration))
        .where(Attendee.event_id == reminder.event_id, meant(reminder.kind, reminder.due_at))
        .where(~_has_got(reminder.kind))
        .order_by(Attendee.id)
        .limit(PORTION)
    )
    return db.session.execute(query).scalars().all()


def meant(kind: ReminderKind, due_at: datetime) -> ColumnElement[bool]:
    """A condition on Attendee: whom a round is for. Who got a seat after it was due has just got the ticket.

    Who has no address, such as somebody who walked in, gets no letter.
    """
    has_address = Attendee.email_key != ""
    if kind is ReminderKind.AFTER:
        return and_(Attendee.state.in_((AttendeeState.ATTENDED, AttendeeState.NO_SHOW)), has_address)
    return and_(Attendee.state == AttendeeState.CONFIRMED, Attendee.confirmed_at < due_at, has_address)


def _has_got(kind: ReminderKind) -> ColumnElement[bool]:
    before, after = purpose(kind, "/").split("/")
    key = literal(before).concat(cast(Attendee.id, String)).concat(after)
    return exists().where(Delivery.purpose_key == key)


def people_meant(reminder: Reminder) -> int:
    """How many a round would reach if it went out now, those who have got one before not counted."""
    query = select(func.count()).select_from(Attendee)
    conditions = (Attendee.event_id == reminder.event_id, meant(reminder.kind, reminder.due_at))
    return db.session.scalar(query.where(*conditions, ~_has_got(reminder.kind))) or 0
