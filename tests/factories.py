"""Rows for tests, with sensible Swedish defaults; every one of them can be given.

    event = make_event(capacity=2)                       # published, at 10.00 in 14 days, open for registration
    booking = make_registration(event, ["Åsa Ek", make_person("Bo Alm", "bo@alm.example")])
    make_registration(event, 3, if_full=IfFull.QUEUE_ALL)   # three people that nobody else is

Inside an open transaction these only flush; outside they open one of their own and keep what they made.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from eventsys import database
from eventsys.clock import from_local, local, now
from eventsys.database import db, transaction
from eventsys.events.models import Event, EventState, Registration, Series
from eventsys.events.registration import Booker, IfFull, Person, Wish, register
from eventsys.forms import normal_email
from eventsys.names import slug

T = TypeVar("T")

_numbers = itertools.count(1)

NAMES = ("Karin Åberg", "Bo Öberg", "Åsa Lind", "Amir Haddad", "Märta Nyström", "Olle Dahl", "Elin Sjö", "Nils Ek")


def in_days(days: int, hour: int = 10) -> datetime:
    """So many days from now at a full hour on the wall in Borås: no test depends on the hour of the run."""
    return from_local(datetime.combine(local(now()).date() + timedelta(days=days), time(hour)))


def make_series(**given: Any) -> Series:
    name = given.get("name", "Fredagslunch")
    return _kept(Series(**{"slug": f"{slug(name)}-{next(_numbers)}", "name": name, **given}))


def make_event(**given: Any) -> Event:
    """A published event at 10.00 in 14 days, open for registration, with 50 seats; `state=EventState.DRAFT` a draft."""
    at = now()
    title = given.get("title", "Fredagslunch")
    starts_at = given.get("starts_at") or in_days(14)
    values = {
        "slug": f"{slug(title)}-{next(_numbers)}",
        "state": EventState.PUBLISHED,
        "title": title,
        "summary": "Lunch med samtal om vad som händer i Borås.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1, minutes=30),
        "place": "Åhaga",
        "address": "Åhagagatan 1, Borås",
        "capacity": 50,
        "party_size": 8,
        "created_at": at,
        "published_at": None if given.get("state") is EventState.DRAFT else at,
    }
    return _kept(Event(**{**values, **given, "series": given.get("series") or make_series()}))


def make_person(name: str = NAMES[0], email: str = "", **given: Any) -> Person:
    """A person as a form gives one; the address follows from the name."""
    email = email or f"{slug(name).replace('-', '.')}@foretag.se"
    return Person(**{"name": name, "email": email, "email_key": normal_email(email), **given})


def make_people(number: int) -> tuple[Person, ...]:
    """So many people that nobody else is."""
    return tuple(make_person(f"{NAMES[n % len(NAMES)]} {next(_numbers)}") for n in range(number))


def make_booker(name: str, email: str = "") -> Booker:
    person = make_person(name, email)
    return Booker(person.name, person.email, person.email_key)


def make_wish(people: int | Sequence[str | Person] = 1, **given: Any) -> Wish:
    """What a registration form asks: a number of people, or their names, or Persons. The first of them books."""
    named = make_people(people) if isinstance(people, int) else people
    persons = tuple(person if isinstance(person, Person) else make_person(person) for person in named)
    first = persons[0]
    values = {
        "booker": Booker(first.name, first.email, first.email_key),
        "people": persons,
        "company_name": "Väveriet i Borås AB",
    }
    return Wish(**{**values, **given})


def make_registration(
    event: Event, people: int | Sequence[str | Person] = 1, at: datetime | None = None, **wish: Any
) -> Registration:
    """A booking made by the real verb; people beyond the seats queue unless `if_full` says otherwise."""
    wanted = make_wish(people, **{"if_full": IfFull.TAKE_SOME, **wish})
    with _transaction():
        registration = register(event.id, wanted, at or now()).registration
        assert registration is not None, "everybody was registered before"
        assert registration.attendees  # read them while they are at hand
    return registration


def _transaction() -> AbstractContextManager[None]:
    return nullcontext() if database._writing.get() else transaction()


def _kept(row: T) -> T:
    with _transaction():
        db.session.add(row)
        db.session.flush()
    return row
