"""The settings of the register: the goals of the year."""

from __future__ import annotations

from eventsys import audit
from eventsys.companies.models import RegisterSettings
from eventsys.database import db
from eventsys.onerow import one_row, one_row_to_change


def register_settings() -> RegisterSettings:
    """The one row, or the defaults, which are not kept until somebody changes them."""
    return one_row(RegisterSettings)


def change_goal(visits: int) -> None:
    """How many visits the plan asks for in a year. Flushes, does not commit."""
    one_row_to_change(RegisterSettings).goal_visits = visits
    audit.record("register_settings.changed", "register_settings:1", goal_visits=visits)
    db.session.flush()
