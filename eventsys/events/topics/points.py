"""What to bring up at an event: note, change, order, tick, remove, and take along to the next one.

Every change happens under the event's lock, so that two people at the same list do not shuffle each other's order.
"""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Event
from eventsys.events.seats import locked_event
from eventsys.events.topics.models import TalkingPoint
from eventsys.events.topics.queries import event_after, points_of


class NoEventAfter(Refused):
    """The series has no later event that could take over what was not brought up."""


def add_point(event_id: int, text: str, added_by: str, at: datetime) -> TalkingPoint:
    """One thing more to bring up, last. The same text sent twice finds the first while it is not done.

    Raises NotFound. Flushes, does not commit.
    """
    points = points_of(locked_event(event_id))
    for point in points:
        if point.text == text and point.done_at is None:
            return point
    point = _appended(event_id, points, text, added_by, at)
    audit.record("point.added", f"event:{event_id}")
    db.session.flush()
    return point


def _appended(event_id: int, points: list[TalkingPoint], text: str, added_by: str, at: datetime) -> TalkingPoint:
    last = max((point.position for point in points), default=0)
    point = TalkingPoint(event_id=event_id, position=last + 1, text=text, added_by=added_by, created_at=at)
    db.session.add(point)
    points.append(point)
    return point


def edit_point(event_id: int, point_id: int, text: str) -> TalkingPoint:
    """Say it differently. Raises NotFound. Flushes, does not commit."""
    point = _point(event_id, point_id)
    if point.text != text:
        point.text = text
        audit.record("point.edited", f"event:{event_id}")
    db.session.flush()
    return point


def tick_point(event_id: int, point_id: int, done: bool, at: datetime) -> TalkingPoint:
    """It has been brought up, or after all not. Raises NotFound. Flushes, does not commit."""
    point = _point(event_id, point_id)
    if done != (point.done_at is not None):
        point.done_at = at if done else None
        audit.record("point.done" if done else "point.not_done", f"event:{event_id}")
    db.session.flush()
    return point


def remove_point(event_id: int, point_id: int) -> None:
    """Take it off the list; one that is gone already is no error. Raises NotFound for an unknown event. Flushes."""
    points = points_of(locked_event(event_id))
    for point in points:
        if point.id == point_id:
            db.session.delete(point)
            audit.record("point.removed", f"event:{event_id}")
    db.session.flush()


def move_point(event_id: int, point_id: int, up: bool) -> None:
    """Let a point change places with the one before or after it. Raises NotFound. Flushes, does not commit."""
    moved = _point(event_id, point_id)
    order = points_of(moved.event)
    here = order.index(moved)
    there = max(0, here - 1) if up else min(len(order) - 1, here + 1)
    order.insert(there, order.pop(here))
    for position, point in enumerate(order, start=1):
        point.position = position
    db.session.flush()


def carry_over(event_id: int) -> tuple[Event, int]:
    """Move what was not brought up to the next event of the series: (that event, how many points).

    Pressing twice moves nothing twice. Raises NotFound, NoEventAfter. Flushes, does not commit.
    """
    event = locked_event(event_id)
    following = event_after(event)
    if following is None:
        raise NoEventAfter("Serien har inget senare evenemang. Skapa nästa först, så kan punkterna följa med.")
    left = [point for point in points_of(event) if point.done_at is None]
    last = max((point.position for point in points_of(following)), default=0)
    for position, point in enumerate(left, start=last + 1):
        point.event_id, point.position = following.id, position
    if left:
        audit.record("point.carried_over", f"event:{event_id}", to=following.id, points=len(left))
    db.session.flush()
    return following, len(left)


def copy_points(original: Event, copy: Event, at: datetime) -> int:
    """Write what was not brought up at one event onto the list of its copy as well. Returns how many. Flushes."""
    points = points_of(copy)
    left = [point for point in points_of(original) if point.done_at is None]
    for point in left:
        _appended(copy.id, points, point.text, point.added_by, at)
    db.session.flush()
    return len(left)


def _point(event_id: int, point_id: int) -> TalkingPoint:
    for point in points_of(locked_event(event_id)):
        if point.id == point_id:
            return point
    raise NotFound
