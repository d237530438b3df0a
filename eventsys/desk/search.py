"""Searching over everything: events, people, companies and letters, one query each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import CTE, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from eventsys.companies.models import Company, Contact
from eventsys.companies.queries import company_says, contact_says
from eventsys.database import db
from eventsys.desk.sight import SOME_LETTERS, letters_seen_by, sees_register
from eventsys.events.access import powers_of, within_reach
from eventsys.events.models import Attendee, Event, Registration, Series
from eventsys.folding import fold, holds_all_words
from eventsys.mail.models import Delivery
from eventsys.staff.models import Account, Role

SHORTEST = 2
MOST_SHOWN = 15
LIMITED = (Role.CO_ORGANISER, Role.HOST)

T = TypeVar("T")


@dataclass(frozen=True)
class Group(Generic[T]):
    """The first rows of one kind, and how many there are in all."""

    rows: Sequence[T]
    total: int


@dataclass(frozen=True)
class FoundCompany:
    company: Company
    bookings: int


@dataclass(frozen=True)
class Found:
    """What a search found, limited to what the searcher may see. A group is None for those who see none of its kind."""

    events: Group[Event]
    people: Group[Attendee] | None
    companies: Group[FoundCompany]
    letters: Group[Delivery] | None

    @property
    def total(self) -> int:
        groups = (self.events, self.people, self.companies, self.letters)
        return sum(group.total for group in groups if group is not None)


def is_long_enough(query: str) -> bool:
    return len(fold(query).replace(" ", "")) >= SHORTEST


def search(account: Account, query: str, at: datetime) -> Found:
    """Everything that holds all words of the query, newest first; at most MOST_SHOWN rows of each kind."""
    return Found(
        events=_events(account, query, at),
        people=_people(account, query, at) if powers_of(account).see_people else None,
        companies=_companies(account, query, at),
        letters=_letters(account, query, at) if account.role in SOME_LETTERS else None,
    )


def _events(account: Account, query: str, at: datetime) -> Group[Event]:
    words = holds_all_words(query, Event.title, Event.title_en, Series.name, Event.place, Event.speakers)
    return _first(
        select(Event)
        .join(Event.series)
        .options(contains_eager(Event.series))
        .where(within_reach(account, at), words)
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )


def _people(account: Account, query: str, at: datetime) -> Group[Attendee]:
    words = holds_all_words(
        query,
        Attendee.name, Attendee.email, Attendee.phone_e164, Registration.company_name, Registration.company_number,
        Registration.booker_name, Registration.booker_email,
    )  # fmt: skip
    return _first(
        select(Attendee)
        .join(Attendee.registration)
        .join(Attendee.event)
        .options(contains_eager(Attendee.registration), contains_eager(Attendee.event))
        .where(within_reach(account, at), words)
        .order_by(Event.starts_at.desc(), Attendee.sort_key, Attendee.id)
    )


def _companies(account: Account, query: str, at: datetime) -> Group[FoundCompany]:
    """Companies with their number of bookings in events that the account sees; for some, only those with any.

    Those in use come first. What was merged into another is found as that other.
    """
    hits = _hits(account, query, at)
    total = select(func.count()).select_from(hits).scalar_subquery()
    first = select(hits.c.id).order_by(hits.c.is_away, hits.c.sort_key, hits.c.id).limit(MOST_SHOWN)
    found = db.session.execute(
        select(Company, _bookings(account, at), total)
        .where(Company.id.in_(first))
        .order_by(Company.archived_at.is_not(None), Company.sort_key, Company.id)
    ).all()
    return Group([FoundCompany(company, number) for company, number, _ in found], found[0][2] if found else 0)


def _hits(account: Account, query: str, at: datetime) -> CTE:
    """What the search finds, with what it is ordered by. Both counted and looked through, so it is asked only once:
    counting beside each row, as `count() over ()` does, takes SQLite twice as long."""
    said = company_says(query)
    if sees_register(account):
        said = or_(said, Company.id.in_(_with_contact(query)))
    limited = [Company.id.in_(_booked(account, at))] if account.role in LIMITED else []
    columns = (Company.id, Company.sort_key, Company.archived_at.is_not(None).label("is_away"))
    return select(*columns).where(said, Company.merged_into_id.is_(None), *limited).cte("hits")


def _with_contact(query: str) -> Select[int]:
    """Companies where one contact's name and address hold all words."""
    return select(Contact.company_id).where(contact_says(query))


def _booked(account: Account, at: datetime) -> Select[int | None]:
    return select(Registration.company_id).join(Registration.event).where(within_reach(account, at))


def _bookings(account: Account, at: datetime) -> ScalarSelect[int]:
    """Bookings of the company, counted for the few that are shown."""
    number = select(func.count()).select_from(Registration).join(Registration.event)
    return number.where(Registration.company_id == Company.id, within_reach(account, at)).scalar_subquery()


def _letters(account: Account, query: str, at: datetime) -> Group[Delivery]:
    return _first(select(Delivery).where(letters_seen_by(account, at), says(query)).order_by(Delivery.id.desc()))


def says(query: str) -> Any:
    """A condition on Delivery: its address, name and subject line hold all words of the query."""
    return holds_all_words(query, Delivery.address, Delivery.name, Delivery.subject)


def _first(query: Select[T]) -> Group[T]:
    rows = db.session.execute(query.add_columns(func.count().over()).limit(MOST_SHOWN)).all()
    return Group([row[0] for row in rows], rows[0][1] if rows else 0)
