"""What the privacy slice keeps of one person: what they have asked of us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from eventsys.database import db
from eventsys.i18n import moment
from eventsys.personal import Forgotten, Keeper, Outcome, Person, Remains, Section
from eventsys.privacy.asking import forget_request
from eventsys.privacy.models import PersonRequest, RequestState
from eventsys.privacy.words import STATES, WISHES


def _requests(person: Person) -> Sequence[PersonRequest]:
    query = select(PersonRequest).where(PersonRequest.address == person.address).order_by(PersonRequest.id)
    return db.session.scalars(query).all()


def known(address: str) -> Person:
    """Names only of requests that the mailbox has confirmed: others may be anybody's."""
    confirmed = [one for one in _requests(Person(address)) if one.confirmed_at is not None and not one.begun_by]
    return Person(address).and_(Person(address, frozenset(one.name for one in confirmed)))


def extract(person: Person) -> Sequence[Section]:
    rows = [
        (WISHES[one.wish], one.name, moment(one.created_at), STATES[one.state][1], one.text, one.reason)
        for one in _requests(person)
    ]
    columns = ("Begäran", "Namn", "När", "Läge", "Text", "Vårt skäl")
    why = "För att kunna visa att vi svarat i tid. Tills gallringsbeslutet säger att uppgifterna får tas bort."
    return [Section("Det du begärt om dina uppgifter", columns, rows, why)] if rows else []


def forget(person: Person, at: datetime) -> Sequence[Outcome]:
    """That somebody asked, and what became of it, stays; what still waits is answered by this. Flushes."""
    rows = _requests(person)
    stays = remains(person)
    for row in rows:
        if row.state in (RequestState.WAITING, RequestState.ASKED):
            row.state, row.handled_at = RequestState.DONE, at
        forget_request(row)
    return [Forgotten("Begäranden utan namn och adress", len(rows)), *stays]


def remains(person: Person) -> Sequence[Remains]:
    why = "Utan namn och adress. Vi måste kunna visa att vi svarat."
    return [Remains("Att någon begärt att bli raderad, när och vad vi gjorde", why)] if _requests(person) else []


KEEPER = Keeper(
    "privacy", extract, forget, known, remains, tables={"person_request": "who asked for what"},
)  # fmt: skip
