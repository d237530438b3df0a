"""Letters that staff send by themselves: a message to a selection, and somebody's letter once more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events import notices
from eventsys.events.models import Attendee, AttendeeState, Message
from eventsys.events.seats import locked_event
from eventsys.events.selection import Selection, selected

SAME_MESSAGE_WITHIN = timedelta(hours=1)


class NobodyThere(Refused):
    """The selection is empty now."""


class NothingToSend(Refused):
    """The person has left; there is no letter that says what is true now."""


@dataclass(frozen=True)
class Sent:
    """How many letters a message became. `again` is True when the same message had been sent before."""

    letters: int
    again: bool


def send_message(
    event_id: int, to: Selection, ids: Collection[int], subject: str, body: str, sent_by: str, at: datetime
) -> Sent:
    """Write to a selection of the event's people, one letter an address.

    The same text to the same kind of selection within an hour counts as the same message: nobody gets it twice.
    Raises NotFound, NobodyThere. Flushes, does not commit.
    """
    locked_event(event_id)
    people = selected(event_id, to, ids)
    if not people:
        raise NobodyThere("Det finns ingen att skicka till längre. Välj andra mottagare.")
    before = _same_message(event_id, to, subject, body, at)
    message = before or Message(
        event_id=event_id, subject=subject, body=body, sent_to=to.value, sent_by=sent_by, created_at=at
    )
    db.session.add(message)
    db.session.flush()
    letters = notices.send_message(message, people)
    if before is None:
        audit.record("message.sent", f"event:{event_id}", to=to.value, letters=letters)
    return Sent(letters, again=before is not None)


def _same_message(event_id: int, to: Selection, subject: str, body: str, at: datetime) -> Message | None:
    query = select(Message).where(
        Message.event_id == event_id,
        Message.sent_to == to.value,
        Message.subject == subject,
        Message.body == body,
        Message.created_at > at - SAME_MESSAGE_WITHIN,
    )
    return db.session.execute(query.order_by(Message.id)).scalars().first()


def messages_of(event_id: int) -> list[Message]:
    """What staff have written to the event's people, newest first."""
    query = select(Message).where(Message.event_id == event_id).order_by(Message.id.desc())
    return list(db.session.execute(query).scalars())


def letters_for(people: Collection[Attendee]) -> int:
    """How many letters a message to these people becomes: one an address, none to those who have none."""
    return len({attendee.email_key for attendee in people if attendee.email_key})


_HAS_LETTER = (AttendeeState.CONFIRMED, AttendeeState.WAITING, AttendeeState.OFFERED)


def send_letter_again(attendee: Attendee, after: int) -> bool:
    """Send the person's ticket once more, or the letter that fits if the person waits; the earlier one is replaced.

    `after` is the letter number the page showed: pressing twice sends once. Returns whether a letter was posted now.
    Raises NothingToSend. Flushes, does not commit.
    """
    locked_event(attendee.event_id)
    db.session.refresh(attendee)
    if attendee.state not in _HAS_LETTER:
        raise NothingToSend("Personen är inte längre anmäld, så det finns inget brev att skicka.")
    if attendee.letter_number != after:
        return False
    attendee.letter_number += 1
    db.session.flush()
    notices.tell_changed(attendee)
    audit.record("attendee.letter_sent_again", f"registration:{attendee.registration_id}", attendee=attendee.id)
    return True
