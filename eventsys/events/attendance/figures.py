"""How many of those who register come: per event, per series, and what that means for the next one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Subquery, and_, case, exists, func, select
from sqlalchemy import cast as sql_cast

from eventsys.database import db
from eventsys.events.checkin.models import Scan, ScanAct
from eventsys.events.models import Attendee, AttendeeState, Event, EventState
from eventsys.events.seats import Seats, seats

LAST_EVENTS = 10  # of a series; older ones say little about the next
FEWEST_EVENTS = 3  # below that a share is luck


@dataclass(frozen=True)
class Attendance:
    """Who had a seat at an event and what became of them. Walk-ins are those let in at a door without registering."""

    registered: int
    came: int
    no_shows: int
    walk_ins: int

    @property
    def share(self) -> float | None:
        """Those who came of those who had registered, 0 to 1; None when nobody had."""
        return self.came / self.registered if self.registered else None

    @property
    def heads(self) -> int:
        """Everybody who was there."""
        return self.came + self.walk_ins


def attendance_of(event: Event) -> Attendance:
    """Counted from the rows of one event."""
    return _counted([event.id])


@dataclass(frozen=True)
class ShowUp:
    """The attendance of a series' latest closed events together, as a base for what to expect."""

    events: int
    attendance: Attendance

    @property
    def rate(self) -> float | None:
        """0 to 1; None when there are fewer than FEWEST_EVENTS, or nobody had registered."""
        return self.attendance.share if self.events >= FEWEST_EVENTS else None


def show_up(series_id: int) -> ShowUp:
    """The show-up rate of a series over its last events whose attendance is closed."""
    latest = (
        select(Event.id)
        .where(
            Event.series_id == series_id,
            Event.state == EventState.PUBLISHED,
            Event.attendance_closed_at.is_not(None),
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(LAST_EVENTS)
    )
    ids = list(db.session.execute(latest).scalars())
    return ShowUp(len(ids), _counted(ids))


@dataclass(frozen=True)
class Expected:
    """How many heads to expect; `heads` is None while the base is too thin."""

    registered: int
    heads: int | None
    base: ShowUp


def expected_heads(event: Event, counted: Seats | None = None) -> Expected:
    """Those with a seat now times the series' show-up rate, to the nearest whole head.

    `counted` are the event's seats where the caller has counted them already.
    """
    base, registered = show_up(event.series_id), (counted or seats(event)).confirmed
    heads = None if base.rate is None else int(registered * base.rate + 0.5)
    return Expected(registered, heads, base)


def attendances(event_ids: Collection[int]) -> dict[int, Attendance]:
    """The attendance of each of these events, by id; one without anybody is there with noughts. One query."""
    people, numbers = _numbers(event_ids)
    query = select(people.c.event_id, *numbers).group_by(people.c.event_id)
    found = {row[0]: Attendance(row[1], row[2], row[3], row[4]) for row in db.session.execute(query)}
    return {one: found.get(one, Attendance(0, 0, 0, 0)) for one in event_ids}


def _counted(event_ids: Collection[int]) -> Attendance:
    _, numbers = _numbers(event_ids)
    row = db.session.execute(select(*numbers)).one()
    return Attendance(row[0], row[1], row[2], row[3])


def _numbers(event_ids: Collection[int]) -> tuple[Subquery, list[Any]]:
    """People with a seat as a table, and the sums over it in the order of Attendance."""
    walked_in = exists().where(Scan.attendee_id == Attendee.id, Scan.act == ScanAct.WALK_IN)
    seated = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW)
    people = (
        select(Attendee.event_id, Attendee.state.label("state"), case((walked_in, 1), else_=0).label("walked_in"))
        .where(Attendee.event_id.in_(event_ids), Attendee.state.in_(seated))
        .subquery()
    )
    came = people.c.state == AttendeeState.ATTENDED
    before = people.c.walked_in == 0
    columns = (before, and_(before, came), and_(before, people.c.state == AttendeeState.NO_SHOW), and_(~before, came))
    return people, [func.coalesce(func.sum(sql_cast(column, Integer)), 0) for column in columns]
