"""Rows for tests, with sensible Swedish defaults; every one of them can be given. Flush, do not commit."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.models import Event, EventState, Registration, Series
from eventsys.events.names import slug
from eventsys.events.registration import Booker, IfFull, Person, Wish, register

_numbers = itertools.count(1)

NAMES = ("Karin Åberg", "Bo Öberg", "Åsa Lind", "Amir Haddad", "Märta Nyström", "Olle Dahl", "Elin Sjö", "Nils Ek")


def make_series(**given: Any) -> Series:
    name = given.get("name", "Fredagslunch")
    values = {"slug": f"{slug(name)}-{next(_numbers)}", "name": name}
    series = Series(**{**values, **given})
    db.session.add(series)
    db.session.flush()
    return series


def make_event(**given: Any) -> Event:
    """A published event in 30 days, open for registration, with 50 seats. A draft with `state=EventState.DRAFT`."""
    at = now()
    title = given.get("title", "Fredagslunch")
    starts_at = given.get("starts_at", at.replace(minute=0, second=0, microsecond=0) + timedelta(days=30))
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
        "published_at": at,
    }
    event = Event(**{**values, **given, "series": given.get("series") or make_series()})
    db.session.add(event)
    db.session.flush()
    return event


def make_person(name: str = NAMES[0], email: str = "", **given: Any) -> Person:
    """A person as a form gives one; the address follows from the name."""
    email = email or f"{slug(name).replace('-', '.')}@foretag.se"
    return Person(**{"name": name, "email": email, "email_key": email.lower(), **given})


def make_wish(people: int | Sequence[str | Person] = 1, **given: Any) -> Wish:
    """What a registration form asks: a number of people, or their names, or Persons. The first of them books."""
    named = NAMES[:people] if isinstance(people, int) else people
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
    registration = register(event.id, wanted, at or now()).registration
    assert registration is not None
    return registration
