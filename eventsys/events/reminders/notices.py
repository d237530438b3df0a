"""Which letter goes to whom when a round is due. Posts rows in the caller's transaction; sends nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from eventsys.events.models import Attendee, AttendeeState
from eventsys.events.reminders.models import ReminderKind
from eventsys.mail.outbox import Posting, Priority, post_all

COMING, REMINDER, THANKS, MISSED = "events/coming", "events/reminder", "events/thanks", "events/missed"

Text = TypeVar("Text")


def post_round(kind: ReminderKind, people: Sequence[Attendee], not_after: datetime) -> int:
    """Post one round's letter to each of these people; returns how many had not got one of this kind before."""
    return post_all([_posting(kind, attendee, not_after) for attendee in people])


def letter_of(kind: ReminderKind, attendee: Attendee) -> str:
    """The name of the letter that this person gets in this round."""
    if kind is ReminderKind.AFTER:
        return MISSED if attendee.state is AttendeeState.NO_SHOW else THANKS
    return COMING if kind is ReminderKind.COMING else REMINDER


def purpose(kind: ReminderKind, attendee_id: str) -> str:
    """One letter of each kind to a person, whatever becomes of the date."""
    return f"reminder:{kind.value}:{attendee_id}:once"


def _posting(kind: ReminderKind, attendee: Attendee, not_after: datetime) -> Posting:
    return Posting(
        letter_of(kind, attendee),
        attendee.id,
        purpose_key=purpose(kind, str(attendee.id)),
        address=attendee.email,
        name=attendee.name,
        lang=attendee.registration.lang,
        about=f"registration:{attendee.registration_id}",
        priority=Priority.REMINDER,
        not_after=not_after,
    )
