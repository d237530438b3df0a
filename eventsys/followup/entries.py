"""Figures written down by hand: added and taken back, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from eventsys import audit
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.followup.models import ByHand, Goal, HandEntry
from eventsys.followup.queries import entry_in, goal_in, locked_plan

TWICE = timedelta(minutes=1)
"""The same again within that time is a button that was pressed twice."""


class CannotEnter(Refused):
    """What was written does not fit the goal."""


@dataclass(frozen=True)
class Written:
    """What somebody writes: the day it is about, a number or words, and a note."""

    day: date
    amount: float | None
    words: str = ""
    note: str = ""


def add_entry(year: int, goal_id: int, written: Written, by: str, at: datetime) -> HandEntry:
    """Write a figure down; the very same by the same person within a minute is one press too many, and is one entry.

    Flushes, does not commit.

    Raises CannotEnter, NotFound.
    """
    locked_plan(year)
    goal = goal_in(year, goal_id)
    _refuse_unfit(goal, written, at)
    if (pressed_before := _same_just_now(goal, written, by, at)) is not None:
        return pressed_before
    entry = HandEntry(
        goal_id=goal.id, day=written.day, amount=written.amount, words=written.words, note=written.note, added_by=by,
        added_at=at,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    audit.record("hand_entry.added", f"hand_entry:{entry.id}", goal=goal.id)
    return entry


def take_back(year: int, goal_id: int, entry_id: int, by: str, at: datetime) -> bool:
    """Let an entry count no more; it stays in the history. False when it had been taken back already.

    Raises NotFound. Flushes, does not commit.
    """
    locked_plan(year)
    entry = entry_in(goal_in(year, goal_id), entry_id)
    if entry.taken_back_at is not None:
        return False
    entry.taken_back_at, entry.taken_back_by = at, by
    audit.record("hand_entry.taken_back", f"hand_entry:{entry.id}", goal=goal_id)
    db.session.flush()
    return True


def history(goal: Goal) -> list[HandEntry]:
    """Every entry of a goal, the latest day first, those taken back too."""
    query = select(HandEntry).where(HandEntry.goal_id == goal.id)
    return list(db.session.scalars(query.order_by(HandEntry.day.desc(), HandEntry.id.desc())))


def _same_just_now(goal: Goal, written: Written, by: str, at: datetime) -> HandEntry | None:
    query = select(HandEntry).where(
        HandEntry.goal_id == goal.id, HandEntry.day == written.day, HandEntry.words == written.words,
        HandEntry.note == written.note, HandEntry.added_by == by, HandEntry.taken_back_at.is_(None),
        HandEntry.added_at > at - TWICE,
    )  # fmt: skip
    return next((one for one in db.session.scalars(query) if one.amount == written.amount), None)


def _refuse_unfit(goal: Goal, written: Written, at: datetime) -> None:
    if goal.by_hand is None:
        raise CannotEnter("Systemet tar den siffran själv.")
    if written.day.year != goal.year:
        raise CannotEnter(f"Målet är för {goal.year}. Välj en dag det året.")
    if written.day > local(at).date():
        raise CannotEnter("Dagen har inte varit än. Välj en dag som har varit.")
    if goal.by_hand is ByHand.SUM and written.amount is None:
        raise CannotEnter("Skriv ett antal, så att det går att räkna ihop.")
    if written.amount is None and not written.words:
        raise CannotEnter("Skriv ett tal eller ett utfall i ord.")
