"""Associations of business owners, and which of them were informed in a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from eventsys.clock import local, now
from eventsys.companies.models import Company, CompanyKind, Visit, VisitForm
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.events.models import Attendee, AttendeeState, Event, Registration


@dataclass(frozen=True, order=True)
class Informed:
    """One time that an association was informed: by a visit of this form, or because somebody came to this event."""

    on: date
    form: VisitForm | None = field(compare=False, default=None)
    event: Event | None = field(compare=False, default=None)


@dataclass(frozen=True)
class Association:
    """An association, the last time it was informed in the days asked about, and the last time at all."""

    company: Company
    in_time: Informed | None
    last: Informed | None


def associations(year: int) -> list[Association]:
    """Every association in use, by name, with when it was informed in a year; see `associations_between`."""
    return associations_between(date(year, 1, 1), date(year, 12, 31))


def associations_between(first: date, last: date) -> list[Association]:
    """Every association in use, by name, with when it was informed from `first` to `last`, both included.

    Informed is one with a visit of any form (on site, digital, information) on a Swedish day of these, or somebody of
    which came (attended) to an event that began in them. What is planned for later counts once it has been. Three
    queries, however many there are.
    """
    query = select(Company).where(in_use(), Company.kind == CompanyKind.ASSOCIATION)
    found = db.session.scalars(query.order_by(Company.sort_key, Company.id)).all()
    times: dict[int, list[Informed]] = {one.id: [] for one in found}
    for company_id, informed in _times(times):
        times[company_id].append(informed)
    return [_association(one, times[one.id], first, last) for one in found]


def _association(company: Company, times: Iterable[Informed], first: date, last: date) -> Association:
    latest_first = sorted(times, reverse=True)
    in_time = next((one for one in latest_first if first <= one.on <= last), None)
    return Association(company, in_time, latest_first[0] if latest_first else None)


def informed_associations(year: int) -> tuple[int, int]:
    """How many associations in use were informed in the year, and how many there are."""
    found = associations(year)
    return sum(one.in_time is not None for one in found), len(found)


def _times(company_ids: Iterable[int]) -> Iterable[tuple[int, Informed]]:
    ids, today = list(company_ids), local(now()).date()
    if not ids:
        return []
    visits = select(Visit.company_id, Visit.visited_on, Visit.form)
    seen = [
        (company_id, Informed(on, form=form))
        for company_id, on, form in db.session.execute(
            visits.where(Visit.company_id.in_(ids), Visit.visited_on <= today)
        )
    ]
    came = (
        select(Registration.company_id, Event)
        .join(Attendee, Attendee.registration_id == Registration.id)
        .join(Event, Event.id == Attendee.event_id)
        .where(Registration.company_id.in_(ids), Attendee.state == AttendeeState.ATTENDED)
        .distinct()
    )
    return [*seen, *((each, Informed(_day(event), event=event)) for each, event in db.session.execute(came) if each)]


def _day(event: Event) -> date:
    return local(event.starts_at).date()
