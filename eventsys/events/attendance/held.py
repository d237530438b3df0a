"""What was held in some days: the events with who came, and the companies that were there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from eventsys.clock import local, midnights
from eventsys.companies.models import Company, CompanyKind
from eventsys.database import db
from eventsys.events.attendance.figures import Attendance, attendances
from eventsys.events.models import Attendee, AttendeeState, Event, EventState, Registration


@dataclass(frozen=True)
class Held:
    """An event that took place, and its attendance."""

    event: Event
    attendance: Attendance

    @property
    def is_known(self) -> bool:
        """Whether it has been said who came; before that nobody can tell those who stayed away."""
        return self.event.attendance_closed_at is not None


def held_between(first: date, last: date, at: datetime) -> list[Held]:
    """The events that began from `first` to `last`, both Swedish days included, and are over at `at`, oldest first.

    Drafts and cancelled events were not held. Two queries, however many there are.
    """
    query = select(Event).options(joinedload(Event.series)).where(*_held(first, last, at))
    events = db.session.scalars(query.order_by(Event.starts_at, Event.id)).all()
    counted = attendances([event.id for event in events]) if events else {}
    return [Held(event, counted[event.id]) for event in events]


def first_held_on(at: datetime) -> date | None:
    """The Swedish day of the earliest event that was held; None when none was."""
    earliest = db.session.scalar(select(func.min(Event.starts_at)).where(_over(at)))
    return local(earliest).date() if earliest else None


@dataclass(frozen=True)
class CompanyThere:
    """A company that somebody came from, at how many events, and the day it was with us for the first time ever."""

    company: Company
    events: int
    first_on: date


def companies_between(first: date, last: date, at: datetime) -> list[CompanyThere]:
    """The companies somebody of which came to an event held in these days (see `held_between`), by name.

    Associations and authorities are no companies, and whoever registered without one is not here. Two queries.
    """
    query = (
        select(Company, func.count(Attendee.event_id.distinct()))
        .join(Registration, Registration.company_id == Company.id)
        .join(Attendee, Attendee.registration_id == Registration.id)
        .join(Event, Event.id == Attendee.event_id)
        .where(*_held(first, last, at), Attendee.state == AttendeeState.ATTENDED, Company.kind == CompanyKind.COMPANY)
        .group_by(Company.id)
        .order_by(Company.sort_key, Company.id)
    )
    rows = db.session.execute(query).all()
    firsts = _first_times({company.id for company, _ in rows}, at)
    return [CompanyThere(company, events, firsts[company.id]) for company, events in rows]


def _first_times(company_ids: Collection[int], at: datetime) -> dict[int, date]:
    if not company_ids:
        return {}
    query = (
        select(Registration.company_id, func.min(Event.starts_at))
        .join(Attendee, Attendee.registration_id == Registration.id)
        .join(Event, Event.id == Attendee.event_id)
        .where(Registration.company_id.in_(company_ids), _over(at), Attendee.state == AttendeeState.ATTENDED)
        .group_by(Registration.company_id)
    )
    return {one: local(earliest).date() for one, earliest in db.session.execute(query) if one is not None}


def _held(first: date, last: date, at: datetime) -> tuple[ColumnElement[bool], ...]:
    begins, after = midnights(first, last)
    return _over(at), Event.starts_at >= begins, Event.starts_at < after


def _over(at: datetime) -> ColumnElement[bool]:
    return (Event.state == EventState.PUBLISHED) & (Event.ends_at <= at)
