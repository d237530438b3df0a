"""What colleagues judge of a goal at a half-year. Rows are only added, and the latest holds."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.followup.models import Assessment, Light
from eventsys.followup.queries import assessments_of, goal_in, locked_plan, settlement_of


class IsSettled(Refused):
    """The report of the half-year stands fast."""


def assess(year: int, half: int, goal_id: int, light: Light, comment: str, by: str, at: datetime) -> Assessment:
    """Say how it goes. What was said before stays; the very same said again adds nothing. Flushes, does not commit.

    Raises IsSettled, NotFound.
    """
    locked_plan(year)
    goal = goal_in(year, goal_id)
    if settlement_of(year, half) is not None:
        raise IsSettled("Rapporten är fastställd. Öppna den igen för att ändra bedömningen.")
    before = assessments_of([goal.id], half).get(goal.id)
    if before and (before[0].light, before[0].comment) == (light, comment):
        return before[0]
    found = Assessment(goal_id=goal.id, half=half, light=light, comment=comment, by=by, at=at)
    db.session.add(found)
    db.session.flush()
    audit.record("goal.assessed", f"goal:{goal.id}", half=half, light=light.value)
    return found
