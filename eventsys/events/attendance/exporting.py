"""Taking out attendance lists: of one event as the list of people shows it, or of several for the follow-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from eventsys import audit
from eventsys.clock import from_local, local
from eventsys.database import db
from eventsys.events.attendance.rows import attendance_rows, head_of
from eventsys.events.listing import Order, Show, Wanted
from eventsys.events.models import Event, EventState
from eventsys.names import slug
from eventsys.sheets import Cell, FileKind, sheet

EXPORTED = "attendance.exported"
T = TypeVar("T")
Progress = Callable[[Iterable[T]], Iterable[T]]


@dataclass(frozen=True)
class File:
    """A file to hand out: what it is called, its content, and how many people are in it."""

    name: str
    content: bytes
    people: int


def attendance_file(
    event: Event, kind: FileKind, wanted: Wanted | None = None, progress: Progress[Sequence[Cell]] = iter
) -> File:
    """Exactly the people that the list shows with this filter, as a file. Slow for many, so outside transactions.

    `progress` may wrap the rows, for a command that shows how far it is. Whoever hands it out calls `note_export`.
    """
    head = head_of([event])
    rows = list(attendance_rows(event, wanted or Wanted(), head))
    content = sheet(kind, head.columns, progress(rows), event.title)
    return File(f"deltagare-{slug(event.title)}-{local(event.starts_at).date()}.{kind}", content, len(rows))


def note_export(event_id: int, kind: FileKind, people: int) -> None:
    """The audit trail's entry of a list handed out: which, as what, how many people; no names. In a transaction."""
    audit.record(EXPORTED, f"event:{event_id}", kind=kind.value, rows=people)


@dataclass(frozen=True)
class Period:
    """Swedish days, both included, of events of one series or of all."""

    first: date
    last: date
    series_id: int | None = None
    show: Show = Show.ALL


def events_in(period: Period, reach: ColumnElement[bool]) -> list[Event]:
    """Published events within reach that begin in the period, in order of time."""
    query = (
        select(Event)
        .options(joinedload(Event.series))
        .where(reach, Event.state == EventState.PUBLISHED)
        .where(Event.starts_at >= _midnight(period.first), Event.starts_at < _midnight(period.last + timedelta(days=1)))
        .order_by(Event.starts_at, Event.id)
    )
    if period.series_id is not None:
        query = query.where(Event.series_id == period.series_id)
    return list(db.session.execute(query).scalars())


def _midnight(day: date) -> datetime:
    return from_local(datetime.combine(day, time.min))


def period_file(events: Sequence[Event], period: Period, kind: FileKind) -> File:
    """The people of all these events in one file, event after event, by name. See `note_period_export`."""
    head = head_of(events)
    counted = _Counter()
    rows = counted(row for event in events for row in attendance_rows(event, _by_name(period.show), head))
    content = sheet(kind, head.columns, rows, "Deltagare")
    return File(f"deltagare-{period.first}-{period.last}.{kind}", content, counted.number)


def note_period_export(period: Period, kind: FileKind, people: int) -> None:
    """The audit trail's entry of such a file handed out. In a transaction."""
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    subject = f"series:{period.series_id}" if period.series_id else "events"
    audit.record(EXPORTED, subject, kind=kind.value, rows=people, **days)


def _by_name(show: Show) -> Wanted:
    return replace(Wanted(), show=show, order=Order.NAME)


class _Counter:
    """Lets rows through and remembers how many."""

    number = 0

    def __call__(self, rows: Iterable[T]) -> Iterator[T]:
        for row in rows:
            self.number += 1
            yield row
