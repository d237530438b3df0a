"""What the page of the day says of the follow-up: a half-year is over, and its report is not settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select

from eventsys.database import db
from eventsys.followup.models import Assessment, Goal, Settlement
from eventsys.followup.periods import last_half
from eventsys.followup.words import HALVES
from eventsys.i18n import url
from eventsys.staff.models import Account, Role
from eventsys.staff.waiting import Waiting

JUDGES = (Role.ADMINISTRATOR, Role.ORGANISER)


def due_report(account: Account, at: datetime) -> Sequence[Waiting]:
    """The half-year that ended latest, for those who judge it, until it is settled. One query."""
    if account.role not in JUDGES:
        return ()
    year, half = last_half(at)
    goals, assessed = _standing(year, half)
    if not goals:
        return ()
    told = (
        "Alla mål är bedömda. Rapporten ska fastställas."
        if assessed == goals
        else f"{assessed} av {goals} mål är bedömda."
    )
    address = url("followup_staff.show_report", year=year, half=half)
    return [Waiting(f"Uppföljning {HALVES[half].lower()} {year}", address, told)]


def _standing(year: int, half: int) -> tuple[int, int]:
    """(goals, how many of them are judged); (0, 0) when the report is settled."""
    judged = exists().where(Assessment.goal_id == Goal.id, Assessment.half == half)
    settled = exists().where(Settlement.year == year, Settlement.half == half, Settlement.reopened_at.is_(None))
    query = select(func.count(), func.count().filter(judged)).where(
        Goal.year == year, Goal.removed_at.is_(None), ~settled
    )
    row = db.session.execute(query).one()
    return row[0], row[1]
