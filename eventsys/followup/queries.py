"""Reading plans, goals, entries, assessments and settlements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.followup.models import Assessment, Goal, HandEntry, Settlement, YearPlan


def plans() -> Sequence[YearPlan]:
    """Newest year first."""
    return db.session.scalars(select(YearPlan).order_by(YearPlan.year.desc())).all()


def plan_of(year: int) -> YearPlan:
    """Raises NotFound."""
    found = db.session.get(YearPlan, year)
    if found is None:
        raise NotFound
    return found


def locked_plan(year: int) -> YearPlan:
    """The plan, fresh, kept from others' changes until the transaction ends. Raises NotFound."""
    db.session.flush()
    db.session.expire_all()
    found = db.session.scalar(select(YearPlan).where(YearPlan.year == year).with_for_update(key_share=True))
    if found is None:
        raise NotFound
    return found


def goals_of(year: int) -> Sequence[Goal]:
    """The goals that are in the plan, in their order."""
    query = select(Goal).options(joinedload(Goal.series)).where(Goal.year == year, Goal.removed_at.is_(None))
    return db.session.scalars(query.order_by(Goal.position, Goal.id)).all()


def goal_in(year: int, goal_id: int) -> Goal:
    """A goal of that year's plan. Raises NotFound."""
    query = select(Goal).options(joinedload(Goal.series)).where(Goal.id == goal_id, Goal.year == year)
    found = db.session.scalar(query.where(Goal.removed_at.is_(None)))
    if found is None:
        raise NotFound
    return found


def by_area(goals: Iterable[Goal]) -> list[tuple[str, list[Goal]]]:
    """The goals by focus area, areas in the order of their first goal."""
    areas: dict[str, list[Goal]] = {}
    for goal in goals:
        areas.setdefault(goal.focus_area, []).append(goal)
    return list(areas.items())


def entries_of(goal_ids: Iterable[int]) -> dict[int, list[HandEntry]]:
    """What was written by hand, by goal, by day; what was taken back too."""
    query = select(HandEntry).where(HandEntry.goal_id.in_(list(goal_ids))).order_by(HandEntry.day, HandEntry.id)
    found: dict[int, list[HandEntry]] = defaultdict(list)
    for entry in db.session.scalars(query):
        found[entry.goal_id].append(entry)
    return found


def entry_in(goal: Goal, entry_id: int) -> HandEntry:
    """Raises NotFound."""
    found = db.session.get(HandEntry, entry_id)
    if found is None or found.goal_id != goal.id:
        raise NotFound
    return found


def assessments_of(goal_ids: Iterable[int], half: int) -> dict[int, list[Assessment]]:
    """What was judged of these goals for a half-year, by goal, latest first."""
    query = select(Assessment).where(Assessment.goal_id.in_(list(goal_ids)), Assessment.half == half)
    found: dict[int, list[Assessment]] = defaultdict(list)
    for one in db.session.scalars(query.order_by(Assessment.id.desc())):
        found[one.goal_id].append(one)
    return found


def settlement_of(year: int, half: int) -> Settlement | None:
    """The one in force."""
    query = select(Settlement).where(Settlement.year == year, Settlement.half == half)
    return db.session.scalar(query.where(Settlement.reopened_at.is_(None)))


def settlements_of(year: int, half: int) -> Sequence[Settlement]:
    """All there have been, latest first."""
    query = select(Settlement).where(Settlement.year == year, Settlement.half == half)
    return db.session.scalars(query.order_by(Settlement.id.desc())).all()


def settlements_in_force() -> dict[tuple[int, int], Settlement]:
    """By year and half."""
    query = select(Settlement).where(Settlement.reopened_at.is_(None))
    return {(one.year, one.half): one for one in db.session.scalars(query)}
