"""A company across events: when it came first, who came, who stayed away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager

from eventsys.database import db
from eventsys.events.models import ACTIVE, Attendee, AttendeeState, Event, Registration


@dataclass(frozen=True)
class Visit:
    """One event and the company's people at it, by name."""

    event: Event
    people: list[Attendee]


@dataclass(frozen=True)
class History:
    """A company's events, latest first, as far as the one who asks may see. It may have been at none."""

    visits: list[Visit]

    @property
    def first_at(self) -> datetime | None:
        """When its first event began."""
        return min((visit.event.starts_at for visit in self.visits), default=None)

    def number(self, *states: AttendeeState) -> int:
        """Seats in these states, all events together; one person at two events counts twice."""
        return sum(one.state in states for visit in self.visits for one in visit.people)


def company_history(company_id: int, reach: ColumnElement[bool]) -> History:
    """A company at the events within reach."""
    query = (
        select(Attendee)
        .join(Attendee.registration)
        .join(Event, Event.id == Attendee.event_id)
        .options(contains_eager(Attendee.event).joinedload(Event.series), contains_eager(Attendee.registration))
        .where(Registration.company_id == company_id, Attendee.state.in_(ACTIVE), reach)
        .order_by(Event.starts_at.desc(), Event.id.desc(), Attendee.sort_key, Attendee.id)
    )
    visits: dict[int, Visit] = {}
    for attendee in db.session.execute(query).scalars():
        visits.setdefault(attendee.event_id, Visit(attendee.event, [])).people.append(attendee)
    return History(list(visits.values()))
