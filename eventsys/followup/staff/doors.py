"""The blueprint of the staff's pages of the follow-up, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for

from eventsys.clock import now
from eventsys.fields import FIRST_YEAR, LAST_YEAR
from eventsys.followup import words
from eventsys.followup.periods import PARTS, Period, half_of
from eventsys.staff.guards import may_enter, signed_in
from eventsys.staff.models import Role

doors = Blueprint("followup_staff", __name__, url_prefix="/personal/uppfoljning")

# Administrators may enter everywhere; the guards know that by themselves.
READERS = (Role.ORGANISER, Role.EDITOR)
KEEPERS = (Role.ORGANISER,)
"""Who sets goals, writes figures down, judges and settles."""
YEAR, HALF = "int(max=9999)", "int(min=1, max=2)"


@doors.context_processor
def _for_templates() -> dict[str, Any]:
    return {"words": words, "at": now(), "keeps": may_keep}


def may_keep() -> bool:
    """Whether who is signed in may change anything here."""
    return may_enter(signed_in(), frozenset(KEEPERS))


def year_page(template: str, year: int, tab: str, **context: Any) -> str:
    """A page of one year with its tabs; `tab` is a half (`1`, `2`) or the name of the view that is current."""
    return render_template(f"followup/{template}.html", year=year, tabs=_tabs(year, tab), **context)


def _tabs(year: int, current: str) -> list[dict[str, Any]]:
    halves = [
        {
            "label": words.HALVES[half], "url": url_for("followup_staff.show_report", year=year, half=half),
            "current": current == str(half),
        }
        for half in words.HALVES
    ]  # fmt: skip
    others = (("Mål", "show_goals"), ("Nyckeltal", "show_figures"))
    return halves + [
        {"label": label, "url": url_for(f"followup_staff.{view}", year=year), "current": current == view}
        for label, view in others
    ]


def period_in(year: int, part: str | None) -> Period:
    """The period that an address names; without one the half-year that goes on, or the whole of another year.

    Answers 404 to what is none.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or (part and part not in PARTS):
        abort(404)
    this_year, half = half_of(now())
    return Period(year, part or (f"h{half}" if year == this_year else "ar"))
