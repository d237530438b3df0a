"""The staff's list of events: what is coming, drafts, what was, what was called off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.events.access import within_reach
from eventsys.events.listing import anywhere
from eventsys.events.models import Event, EventState
from eventsys.events.seats import Seats, seats_of
from eventsys.paging import Paged
from eventsys.staff.models import Account

PAGE = 40


class Part(StrEnum):
    """A tab of the list; the values stand in the address."""

    COMING = "kommande"
    DRAFTS = "utkast"
    PAST = "tidigare"
    CANCELLED = "installda"


@dataclass(frozen=True)
class Wanted:
    part: Part = Part.COMING
    series_id: int | None = None
    text: str = ""
    page: int = 1


@dataclass(frozen=True)
class Agenda(Paged):
    """One page of a part, with the seats of its events; `counts` says how many each part holds with the same filter."""

    size: ClassVar[int] = PAGE

    events: Sequence[Event]
    seats: dict[int, Seats]
    counts: dict[Part, int]
    total: int
    number: int


def agenda(account: Account, wanted: Wanted, at: datetime) -> Agenda:
    """The events within the account's reach that are wanted, in three queries whatever their number."""
    filters = [within_reach(account, at), *_filters(wanted)]
    counts = _counts(filters, at)
    total = counts[wanted.part]
    page = max(1, min(wanted.page, -(-total // PAGE)))
    order = Event.starts_at if wanted.part in (Part.COMING, Part.DRAFTS) else Event.starts_at.desc()
    query = (
        select(Event)
        .options(joinedload(Event.series))
        .where(*filters, _in_part(wanted.part, at))
        .order_by(order, Event.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    events = db.session.execute(query).scalars().all()
    return Agenda(events, seats_of(events), counts, total, page)


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    typed = wanted.text.split()[:8]
    words: list[ColumnElement[bool]] = [anywhere(Event.title, word) | anywhere(Event.place, word) for word in typed]
    return words if wanted.series_id is None else [Event.series_id == wanted.series_id, *words]


def _in_part(part: Part, at: datetime) -> ColumnElement[bool]:
    published = Event.state == EventState.PUBLISHED
    return {
        Part.COMING: published & (Event.ends_at > at),
        Part.DRAFTS: Event.state == EventState.DRAFT,
        Part.PAST: published & (Event.ends_at <= at),
        Part.CANCELLED: Event.state == EventState.CANCELLED,
    }[part]


def _counts(filters: list[ColumnElement[bool]], at: datetime) -> dict[Part, int]:
    columns = [func.count().filter(_in_part(part, at)) for part in Part]
    row = db.session.execute(select(*columns).select_from(Event).where(*filters)).one()
    return dict(zip(Part, row, strict=True))


def can_move_to(account: Account, event: Event, at: datetime) -> list[tuple[Event, Seats]]:
    """Other coming events within reach that people of this one can be moved to, soonest first, with their seats."""
    query = (
        select(Event)
        .where(within_reach(account, at), Event.id != event.id, _in_part(Part.COMING, at), Event.starts_at > at)
        .order_by(Event.series_id != event.series_id, Event.starts_at, Event.id)
    )
    events = list(db.session.execute(query).scalars())
    counted = seats_of(events)
    return [(other, counted[other.id]) for other in events]
