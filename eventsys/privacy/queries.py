"""Reading requests, and gathering what all slices know of a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.personal import Coming, Person, Remains, Section, keepers
from eventsys.privacy.models import PersonRequest, RequestState

HANDLED_SHOWN = 50


def request_by_id(request_id: int, locked: bool = False) -> PersonRequest:
    """One that somebody has confirmed. Raises NotFound."""
    found = db.session.get(PersonRequest, request_id, with_for_update=locked, populate_existing=locked)
    if found is None or found.state is RequestState.ASKED:
        raise NotFound
    return found


def request_by_token(token: str, locked: bool = False) -> PersonRequest:
    """Raises NotFound for a forged link."""
    query = select(PersonRequest).where(PersonRequest.token == token)
    found = db.session.scalars(query.with_for_update() if locked else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def waiting_requests() -> Sequence[PersonRequest]:
    """What waits for staff or for the last letter, the most urgent first."""
    states = (RequestState.WAITING, RequestState.ERASING)
    query = select(PersonRequest).where(PersonRequest.state.in_(states))
    return db.session.scalars(query.order_by(PersonRequest.due_on, PersonRequest.id)).all()


def handled_requests() -> Sequence[PersonRequest]:
    """The latest that are answered, newest first."""
    states = (RequestState.DONE, RequestState.REFUSED)
    query = select(PersonRequest).where(PersonRequest.state.in_(states))
    newest = query.order_by(PersonRequest.handled_at.desc(), PersonRequest.id.desc())
    return db.session.scalars(newest.limit(HANDLED_SHOWN)).all()


# --- a person across all slices -----------------------------------------------------------------------------------


def person_at(address: str) -> Person:
    """Everything that stands beside the address, of every slice. `address` is comparable."""
    person = Person(address)
    for keeper in keepers():
        person = person.and_(keeper.known(address))
    return person


def sections_of(person: Person) -> list[Section]:
    """Everything that is the person's, a kind a section, in the order of the keepers."""
    return [section for keeper in keepers() for section in keeper.extract(person)]


def remains_of(person: Person) -> list[Remains]:
    """What would stay after erasing, and why."""
    return [one for keeper in keepers() for one in keeper.remains(person)]


def coming_of(person: Person, at: datetime) -> list[Coming]:
    """What must be settled before the person can be forgotten."""
    return [one for keeper in keepers() for one in keeper.coming(person, at)]
