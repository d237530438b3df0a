"""Doors: figures that are written down by hand."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.fields import refuse
from eventsys.followup.entries import CannotEnter, add_entry, history, take_back
from eventsys.followup.figures.of_goals import entered, in_period
from eventsys.followup.models import Goal
from eventsys.followup.periods import PARTS, Period
from eventsys.followup.queries import goal_in
from eventsys.followup.staff.doors import KEEPERS, READERS, doors, year_page
from eventsys.followup.staff.forms import EntryForm
from eventsys.followup.staff.goals import PATH, TAB
from eventsys.forms import Form
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only

ENTRIES = f"{PATH}/<{ID}:goal_id>/siffror"


@doors.get(ENTRIES)
@staff_only(*READERS)
def show_entries(year: int, goal_id: int) -> ResponseReturnValue:
    """What the figure of a goal was written down as, with everything that was taken back."""
    return _page(_by_hand(year, goal_id), EntryForm(formdata=None, data={"day": _day_of(year)}))


def _by_hand(year: int, goal_id: int) -> Goal:
    goal = goal_in(year, goal_id)
    if goal.by_hand is None:
        abort(404)
    return goal


def _day_of(year: int) -> object:
    """Today in the year that goes on; in a year that is over its last day."""
    today = local(now()).date()
    return today if today.year == year else Period(year, "ar").last if today.year > year else None


def _page(goal: Goal, form: EntryForm) -> str:
    found = history(goal)
    periods = [(Period(goal.year, part), entered(goal, in_period(found, Period(goal.year, part)))) for part in PARTS]
    return year_page(
        "entries", goal.year, TAB, goal=goal, entries=found, periods=periods, form=form, press=Form(formdata=None)
    )


@doors.post(ENTRIES)
@staff_only(*KEEPERS)
def submit_entry(year: int, goal_id: int) -> ResponseReturnValue:
    goal, form = _by_hand(year, goal_id), EntryForm()
    if not form.validate_on_submit():
        return _page(goal, form), 422
    try:
        with transaction():
            add_entry(year, goal_id, form.written(), signed_in().name, now())
    except CannotEnter as refusal:
        refuse(form, refusal)
        return _page(_by_hand(year, goal_id), form), 422
    flash("Siffran är inskriven.", "good")
    return redirect(url_for("followup_staff.show_entries", year=year, goal_id=goal_id))


@doors.post(f"{ENTRIES}/<{ID}:written_id>/ta-tillbaka")
@staff_only(*KEEPERS)
def submit_taken_back(year: int, goal_id: int, written_id: int) -> ResponseReturnValue:
    with transaction():
        taken = take_back(year, goal_id, written_id, signed_in().name, now())
    flash("Siffran är tillbakatagen och räknas inte." if taken else "Siffran var redan tillbakatagen.", "good")
    return redirect(url_for("followup_staff.show_entries", year=year, goal_id=goal_id))
