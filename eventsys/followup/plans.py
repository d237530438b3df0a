"""A new plan of a year: last year's goals, or those of the office's plan when there is none before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.followup.first_plan import first_goals
from eventsys.followup.goals import values_of
from eventsys.followup.models import Goal, YearPlan
from eventsys.followup.queries import goals_of

EARLIEST, YEARS_AHEAD = 2000, 2


class HasPlan(Refused):
    """The year has a plan already."""


class OddYear(Refused):
    """Nobody plans for that year."""


def new_plan(year: int, by: str, at: datetime) -> YearPlan:
    """A plan with the goals of the latest plan before it, else those of `first_plan`. Flushes, does not commit.

    Raises HasPlan, OddYear.
    """
    if not EARLIEST <= year <= at.year + YEARS_AHEAD:
        raise OddYear(f"Skriv ett år mellan {EARLIEST} och {at.year + YEARS_AHEAD}.")
    before = db.session.scalar(
        select(YearPlan.year).where(YearPlan.year < year).order_by(YearPlan.year.desc()).limit(1)
    )
    plan = YearPlan(year=year, copied_from=before, made_by=by, made_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(plan)
    except IntegrityError as error:
        raise HasPlan(f"{year} har redan en årsplan.") from error
    goals = first_goals() if before is None else [values_of(goal) for goal in goals_of(before)]
    db.session.add_all(
        Goal(year=year, position=place, created_at=at, **values) for place, values in enumerate(goals, start=1)
    )
    db.session.flush()
    audit.record("year_plan.made", f"year_plan:{year}", goals=len(goals), copied_from=before)
    return plan
