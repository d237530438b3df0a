"""Reminding those who have not answered, by hand and by the clock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.invitations import notices
from eventsys.events.invitations.inviting import link_registered
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import invitations_in
from eventsys.events.invitations.sending import takes_answers, those_of
from eventsys.events.models import Event
from eventsys.events.reminders.models import Reminder, ReminderKind
from eventsys.events.seats import locked_event

# However often the button is pressed, and whatever the clock does besides, nobody is reminded twice within this time.
REMINDERS_APART = timedelta(hours=20)


def to_remind(event_id: int, at: datetime) -> list[Invitation]:
    """Those who have an invitation, have not answered it and were not reminded just now."""
    return [one for one in invitations_in(event_id, InvitationState.SENT) if _may_be_reminded(one, at)]


def _may_be_reminded(invitation: Invitation, at: datetime) -> bool:
    return invitation.reminded_at is None or at - invitation.reminded_at >= REMINDERS_APART


def remind_silent(event_id: int, at: datetime, ids: Collection[int] | None = None) -> int:
    """Post a reminder to everybody who has not answered (or to those of them named by `ids`); returns how many.

    At most one letter a person and round, however often it is called: who was reminded within REMINDERS_APART is passed
    over. Posts nothing when nobody can answer any more. Raises NotFound. Flushes, does not commit.
    """
    event = locked_event(event_id)
    if not takes_answers(event, at):
        return 0
    silent = those_of(to_remind(event.id, at), ids)
    link_registered(silent, event, at)
    going = [one for one in silent if one.state is InvitationState.SENT]
    for invitation in going:
        invitation.reminders, invitation.reminded_at = invitation.reminders + 1, at
    db.session.flush()
    posted = notices.send_reminders(going, event)
    if going:
        audit.record("invitation.reminded", f"event:{event.id}", letters=posted)
    return posted


class PoorDate(Refused):
    """A reminder at that time would reach nobody in time; the text says what to choose."""


def remind_silent_on(event_id: int, due_at: datetime | None, at: datetime) -> None:
    """When the clock reminds those who have not answered; None: it does not. Raises NotFound, PoorDate. Flushes."""
    event = locked_event(event_id)
    row = silent_reminder(event.id)
    if due_at is None:
        if row is not None and row.finished_at is None:
            db.session.delete(row)
    else:
        _check_date(event, due_at, at)
        row = row or Reminder(event_id=event.id, kind=ReminderKind.SILENT)
        row.due_at, row.finished_at = due_at, None
        db.session.add(row)
    audit.record("invitation.reminder_set", f"event:{event.id}")
    db.session.flush()


def _check_date(event: Event, due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise PoorDate("Dagen har passerat. Välj en dag som kommer.")
    if due_at >= event.registration_closes_at:
        raise PoorDate("Påminnelsen skulle komma när tiden att svara är ute. Välj en tidigare dag.")


def silent_reminder(event_id: int) -> Reminder | None:
    """The reminder that the clock sends to those who have not answered, also one that has been sent."""
    query = select(Reminder).where(Reminder.event_id == event_id, Reminder.kind == ReminderKind.SILENT)
    return db.session.execute(query).scalar_one_or_none()
