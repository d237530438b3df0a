"""The list of an event's people, read page by page: search, filters and order are done by the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from eventsys.database import db
from eventsys.events.models import ACTIVE, Attendee, AttendeeState, Event, Registration
from eventsys.names import collated
from eventsys.paging import Paged

PAGE = 50


class Show(StrEnum):
    """Which people the list shows; the values stand in the address."""

    ALL = "alla"
    CONFIRMED = "bekraftade"
    SAID_COMING = "kommer"
    OFFERED = "erbjudna"
    WAITING = "ko"
    ATTENDED = "kom"
    NO_SHOW = "uteblev"
    LEFT = "avbokade"


SHOWN: dict[Show, tuple[AttendeeState, ...]] = {
    Show.ALL: ACTIVE,
    Show.CONFIRMED: (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW),
    Show.SAID_COMING: (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW),
    Show.OFFERED: (AttendeeState.OFFERED,),
    Show.WAITING: (AttendeeState.WAITING,),
    Show.ATTENDED: (AttendeeState.ATTENDED,),
    Show.NO_SHOW: (AttendeeState.NO_SHOW,),
    Show.LEFT: (AttendeeState.CANCELLED, AttendeeState.DECLINED, AttendeeState.EXPIRED),
}


class Order(StrEnum):
    NAME = "namn"
    COMPANY = "foretag"
    NEWEST = "nyast"
    OLDEST = "aldst"
    QUEUE = "koplats"


@dataclass(frozen=True)
class Wanted:
    """What of the list is wanted; what is empty does not narrow it. `source` None: all, "" those without a source."""

    text: str = ""
    show: Show = Show.ALL
    source: str | None = None
    order: Order = Order.NAME
    page: int = 1


@dataclass(frozen=True)
class Listing(Paged):
    """One page of the list; `counts` says how many each `Show` holds without search and source."""

    size: ClassVar[int] = PAGE

    people: Sequence[Attendee]
    total: int
    number: int
    counts: dict[Show, int]


def people_of(event: Event, wanted: Wanted) -> Listing:
    """The page of the list that is wanted (a number too high gives the last), in three queries whatever its length."""
    conditions = _conditions(event, wanted)
    total = db.session.scalar(_joined(select(func.count(Attendee.id))).where(*conditions)) or 0
    page = max(1, min(wanted.page, -(-total // PAGE)))
    query = _people(conditions, wanted.order).limit(PAGE).offset((page - 1) * PAGE)
    return Listing(db.session.execute(query).scalars().all(), total, page, counts_of(event))


def everybody_of(event: Event, wanted: Wanted) -> Sequence[Attendee]:
    """Everybody that the list would show on all its pages, in its order."""
    return db.session.execute(_people(_conditions(event, wanted), wanted.order)).scalars().all()


def _people(conditions: list[ColumnElement[bool]], order: Order) -> Select[Attendee]:
    query = _joined(select(Attendee)).options(contains_eager(Attendee.registration))
    return query.where(*conditions).order_by(*_order(order))


def counts_of(event: Event) -> dict[Show, int]:
    """How many people each part of the list holds."""
    query = select(Attendee.state, func.count(), func.count(Attendee.said_coming_at)).group_by(Attendee.state)
    rows = db.session.execute(query.where(Attendee.event_id == event.id)).all()
    people = {state: count for state, count, _ in rows}
    said_yes = {state: said for state, _, said in rows}
    return {show: _sum(said_yes if show is Show.SAID_COMING else people, states) for show, states in SHOWN.items()}


def _sum(counts: Mapping[AttendeeState, int], states: Iterable[AttendeeState]) -> int:
    return sum(counts.get(state, 0) for state in states)


def _joined(query: Select[Any]) -> Select[Any]:
    return query.join(Registration, Attendee.registration_id == Registration.id)


def _conditions(event: Event, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [Attendee.event_id == event.id, Attendee.state.in_(SHOWN[wanted.show])]
    if wanted.show is Show.SAID_COMING:
        conditions.append(Attendee.said_coming_at.is_not(None))
    if wanted.source is not None:
        conditions.append(Registration.source == wanted.source)
    return [*conditions, *(_holds(word) for word in wanted.text.split()[:8])]


def _holds(word: str) -> ColumnElement[bool]:
    """The word stands somewhere in the name, address, company or number of a person."""
    places = [
        Attendee.sort_key.contains(collated(word), autoescape=True),
        Attendee.email_key.contains(word.lower(), autoescape=True),
        anywhere(Registration.company_name, word),
        anywhere(Registration.booker_name, word),
    ]
    digits = "".join(character for character in word if character.isdigit())
    if len(digits) >= 4 and not any(character.isalpha() for character in word):
        places.append(Registration.company_number.contains(digits))
        places.append(Attendee.phone_e164.contains(digits.lstrip("0")))
    return or_(*places)


def anywhere(column: Any, word: str) -> ColumnElement[bool]:
    """The word stands in the column, large and small letters alike.

    SQLite and the C locale know only the letters of ASCII, so Ö and ö are asked for in the forms people write.
    """
    forms = {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(form, autoescape=True) for form in sorted(forms)))


def _order(order: Order) -> list[Any]:
    leading: dict[Order, list[Any]] = {
        Order.NAME: [],
        Order.COMPANY: [_swedish(Registration.company_name)],
        Order.NEWEST: [Attendee.created_at.desc()],
        Order.OLDEST: [Attendee.created_at],
        Order.QUEUE: [Attendee.queued_at, Attendee.id],
    }
    return [*leading[order], Attendee.sort_key, Attendee.id]


def _swedish(column: Any) -> Any:
    """A text without a sort key: small letters by their codes, å ä ö last, whatever the locale of the database."""
    lower = func.lower(column)
    for letter, place in (("å", "{a"), ("Å", "{a"), ("ä", "{b"), ("Ä", "{b"), ("ö", "{c"), ("Ö", "{c")):
        lower = func.replace(lower, letter, place)
    return lower.collate("C" if db.engine.dialect.name == "postgresql" else "BINARY")
