"""Keeping what an event's time and place were, and finding what one person was last told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventsys.database import db
from eventsys.events.changes.models import FormerFacts
from eventsys.events.models import Attendee, Event
from eventsys.mail.models import Delivery, State

# The letters to a person that say when and where.
SAY_WHEN = (
    "events/ticket",
    "events/queued",
    "events/seat_offered",
    "events/event_changed",
    "events/already_registered",
    "events/reminder",
    "events/coming",
)


def keep_former_facts(event: Event, facts: dict[str, Any], at: datetime) -> None:
    """Note that these facts (as `models.facts_of` gives them) held until now. Flushes, does not commit."""
    db.session.add(FormerFacts(event_id=event.id, until=at, **facts))
    db.session.flush()


def facts_told_to(attendee: Attendee) -> FormerFacts | None:
    """The time and place that the person knows, when they have changed since; None when what is known still holds.

    Known is what held when the last letter that says it was handed over, or else when the person was registered: a
    change whose letter never left is not known, so the next letter tells from what to what it has become.
    """
    query = (
        select(FormerFacts)
        .where(FormerFacts.event_id == attendee.event_id, FormerFacts.until > _last_told_at(attendee))
        .order_by(FormerFacts.until, FormerFacts.id)
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def _last_told_at(attendee: Attendee) -> datetime:
    told = select(func.max(Delivery.changed_at)).where(
        Delivery.about == f"registration:{attendee.registration_id}",
        Delivery.subject_id == attendee.id,
        Delivery.letter.in_(SAY_WHEN),
        Delivery.state == State.ACCEPTED,
    )
    return max(db.session.scalar(told) or attendee.created_at, attendee.created_at)
