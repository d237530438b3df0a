"""Who is told when a programme changes: whoever holds or waits for what changes, once; for a course everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.events import notices as event_notices
from eventsys.events.models import Attendee, Event, EventState
from eventsys.events.planning import active_people
from eventsys.events.programme import notices
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice
from eventsys.events.programme.parts import is_course
from eventsys.events.programme.queries import COMES, slots_of


def tell_changed(event: Event, sessions: list[Session], at: datetime) -> int:
    """A new time or room; returns how many get a letter."""
    for session in sessions:
        session.sequence += 1
    db.session.flush()
    return tell_each(notices.tell_session_changed, people_by_session(sessions)) if tells(event, at) else 0


def tell_each(tell: Callable[[Session, list[Attendee]], None], people: dict[Session, list[Attendee]]) -> int:
    """One letter each, about their session; returns how many.

    Who has no seat yet still needs the letter about the offer or the queue, so that one is not replaced.
    """
    told = [attendee for attendees in people.values() for attendee in attendees]
    for attendee in told:
        attendee.letter_number += attendee.state in COMES
    db.session.flush()
    for session, attendees in people.items():
        tell(session, attendees)
    return len(told)


def tell_if_course(event: Event, at: datetime) -> int:
    """What changes is a date of a course, so everybody is told; 0 where the event is none."""
    db.session.flush()
    return tell_everybody(event, at) if is_course(slots_of(event)) else 0


def tell_everybody(event: Event, at: datetime) -> int:
    """The dates of a course are what people plan by, as the time of any other event."""
    event.sequence += 1
    people = active_people(event) if tells(event, at) else []
    for attendee in people:
        attendee.letter_number += 1
        event_notices.tell_event_changed(attendee)
    db.session.flush()
    return len(people)


def tells(event: Event, at: datetime) -> bool:
    """Whether anybody needs to know."""
    return event.state is EventState.PUBLISHED and at < event.ends_at


def choices_of(sessions: list[Session]) -> list[SessionChoice]:
    """Places first, then the queues in their order."""
    query = (
        select(SessionChoice)
        .options(
            joinedload(SessionChoice.attendee).joinedload(Attendee.registration), joinedload(SessionChoice.session)
        )
        .where(
            SessionChoice.session_id.in_([session.id for session in sessions]),
            SessionChoice.state != ChoiceState.LEFT,
        )
        .order_by(SessionChoice.state, SessionChoice.queued_at, SessionChoice.id)
    )
    return list(db.session.execute(query).scalars())


def people_of(sessions: list[Session]) -> list[Attendee]:
    """Everybody with a place in these sessions, or in their queues, each once."""
    return [attendee for attendees in people_by_session(sessions).values() for attendee in attendees]


def people_by_session(sessions: list[Session]) -> dict[Session, list[Attendee]]:
    """The same by session: each person once, at the place that is theirs before one that is waited for."""
    first: dict[Attendee, Session] = {}
    for choice in choices_of(sessions):
        if choice.attendee.is_active:
            first.setdefault(choice.attendee, choice.session)
    found: dict[Session, list[Attendee]] = {}
    for attendee, session in first.items():
        found.setdefault(session, []).append(attendee)
    return found
