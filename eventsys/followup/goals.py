"""The goals of a year: add, edit, move, remove. All under the lock of the year's plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.models import Series
from eventsys.followup.figures.catalogue import FIGURES
from eventsys.followup.models import Goal
from eventsys.followup.queries import goal_in, goals_of, locked_plan
from eventsys.overwriting import mark_of, refuse_overwriting

EDITED = (
    "focus_area", "name", "unit", "target", "direction", "figure", "series_id", "by_hand", "to_stratsys",
    "explanation",
)  # fmt: skip
"""What of a goal is edited, and copied to the next year; its place is moved."""
MOST_GOALS = 60


class CannotPlan(Refused):
    """There are too many goals, or the figure cannot be taken so."""


def values_of(goal: Goal) -> dict[str, Any]:
    """The columns that are edited, by name."""
    return {name: getattr(goal, name) for name in EDITED}


def mark_of_goal(goal: Goal) -> str:
    """For the form of a page that shows it; see overwriting.py."""
    return mark_of(values_of(goal))


def add_goal(year: int, values: Mapping[str, Any], at: datetime) -> Goal:
    """Add a goal, last in its focus area. Raises CannotPlan, NotFound. Flushes, does not commit."""
    locked_plan(year)
    _refuse_unfit(values)
    goals = list(goals_of(year))
    if len(goals) >= MOST_GOALS:
        raise CannotPlan(f"Planen har redan {MOST_GOALS} mål. Ta bort ett först.")
    goal = Goal(year=year, created_at=at, **values)
    db.session.add(goal)
    same_area = [place for place, one in enumerate(goals) if one.focus_area == goal.focus_area]
    goals.insert(same_area[-1] + 1 if same_area else len(goals), goal)
    _number(goals)
    db.session.flush()
    audit.record("goal.added", f"goal:{goal.id}", year=year)
    return goal


def edit_goal(year: int, goal_id: int, values: Mapping[str, Any], seen: str) -> Goal:
    """Change a goal; `seen` is `mark_of_goal` as the page showed it. Flushes, does not commit.

    Raises CannotPlan, ChangedMeanwhile, NotFound.
    """
    locked_plan(year)
    goal = goal_in(year, goal_id)
    saved = values_of(goal)
    written = {**saved, **values}
    _refuse_unfit(written)
    refuse_overwriting(saved, written, seen)
    changed = sorted(name for name, value in written.items() if saved[name] != value)
    for name in changed:
        setattr(goal, name, written[name])
    if changed:
        audit.record("goal.edited", f"goal:{goal.id}", changed=changed)
    db.session.flush()
    return goal


def move_goal(year: int, goal_id: int, up: bool) -> None:
    """Let it change places with its neighbour in the same focus area; the first of an area takes the area along.

    Raises NotFound. Flushes, does not commit.
    """
    locked_plan(year)
    moved = goal_in(year, goal_id)
    areas: dict[str, list[Goal]] = {}
    for goal in goals_of(year):
        areas.setdefault(goal.focus_area, []).append(goal)
    names, mine = list(areas), areas[moved.focus_area]
    if not _swapped(mine, moved, up) and not _swapped(names, moved.focus_area, up):
        return
    _number([goal for name in names for goal in areas[name]])
    audit.record("goal.moved", f"goal:{goal_id}")
    db.session.flush()


def remove_goal(year: int, goal_id: int, at: datetime) -> None:
    """Take it out of the plan; entries, assessments and settled reports keep it. Flushes. Raises NotFound."""
    locked_plan(year)
    goal = goal_in(year, goal_id)
    goal.removed_at = at
    audit.record("goal.removed", f"goal:{goal_id}", year=year)
    db.session.flush()


def _swapped(items: list[Any], item: Any, up: bool) -> bool:
    """Whether there was a neighbour to change places with."""
    here = items.index(item)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(items):
        return False
    items[here], items[there] = items[there], items[here]
    return True


def _number(goals: list[Goal]) -> None:
    for place, goal in enumerate(goals, start=1):
        goal.position = place


def _refuse_unfit(values: Mapping[str, Any]) -> None:
    name, series_id = values.get("figure") or "", values.get("series_id")
    if bool(name) == (values.get("by_hand") is not None):
        raise CannotPlan("Välj varifrån siffran kommer.")
    if name and name not in FIGURES:
        raise CannotPlan("Siffran finns inte längre. Välj en annan.")
    if series_id is None:
        return
    if not name or not FIGURES[name].by_series:
        raise CannotPlan("Den siffran kan inte räknas för en serie. Välj alla serier.")
    if not db.session.scalar(select(func.count()).where(Series.id == series_id)):
        raise CannotPlan("Serien finns inte. Välj en annan.")
