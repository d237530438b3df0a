"""Doors: judging a goal at a half-year, and settling the report."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.fields import refuse
from eventsys.followup.assessing import IsSettled, assess
from eventsys.followup.models import Goal, Light
from eventsys.followup.periods import report_period
from eventsys.followup.queries import assessments_of, goal_in, goals_of, settlement_of
from eventsys.followup.reports import line_of, report_of
from eventsys.followup.settling import CannotSettle, NotSettled, reopen, settle
from eventsys.followup.staff.doors import KEEPERS, READERS, doors, may_keep, year_page
from eventsys.followup.staff.forms import AssessmentForm, ReopenForm
from eventsys.followup.staff.report import PATH
from eventsys.forms import Form
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only

GOAL = f"{PATH}/mal/<{ID}:goal_id>"


@doors.get(GOAL)
@staff_only(*READERS)
def show_assessment(year: int, half: int, goal_id: int) -> ResponseReturnValue:
    """How a goal goes: its figure, what colleagues have said, and for keepers the form."""
    goal = goal_in(year, goal_id)
    said = assessments_of([goal.id], half).get(goal.id, [])
    data = {"light": said[0].light.value, "comment": said[0].comment} if said else {}
    return _goal_page(goal, half, AssessmentForm(formdata=None, data=data))


def _goal_page(goal: Goal, half: int, form: AssessmentForm) -> str:
    settlement = settlement_of(goal.year, half)
    return year_page(
        "assessment", goal.year, str(half), goal=goal, half=half, form=form, settlement=settlement,
        period=report_period(goal.year, half),
        line=line_of(goal, half, now()), said=assessments_of([goal.id], half).get(goal.id, []),
        judges=may_keep() and settlement is None, following=_following(goal),
    )  # fmt: skip


def _following(goal: Goal) -> Goal | None:
    """The goal after it in the plan."""
    goals = list(goals_of(goal.year))
    here = next((place for place, one in enumerate(goals) if one.id == goal.id), len(goals))
    return goals[here + 1] if here + 1 < len(goals) else None


@doors.post(GOAL)
@staff_only(*KEEPERS)
def submit_assessment(year: int, half: int, goal_id: int) -> ResponseReturnValue:
    goal, form = goal_in(year, goal_id), AssessmentForm()
    if not form.validate_on_submit():
        return _goal_page(goal, half, form), 422
    try:
        with transaction():
            assess(year, half, goal_id, Light(form.light.data), form.comment.data, signed_in().name, now())
    except IsSettled as refusal:
        refuse(form, refusal)
        return _goal_page(goal_in(year, goal_id), half, form), 409
    flash(f"Bedömningen av {goal.name} är sparad.", "good")
    return redirect(url_for("followup_staff.show_report", year=year, half=half, _anchor=f"mal-{goal_id}"))


@doors.get(f"{PATH}/faststall")
@staff_only(*KEEPERS)
def show_settling(year: int, half: int) -> ResponseReturnValue:
    """Asks before the figures are frozen."""
    report = report_of(year, half, now())
    return year_page("settling", year, str(half), report=report, half=half, form=Form(formdata=None))


@doors.post(f"{PATH}/faststall")
@staff_only(*KEEPERS)
def submit_settling(year: int, half: int) -> ResponseReturnValue:
    try:
        with transaction():
            settle(year, half, signed_in().name, now())
    except CannotSettle as refusal:
        flash(str(refusal), "warn")
    else:
        flash("Rapporten är fastställd. Siffrorna ändras inte mer.", "good")
    return redirect(url_for("followup_staff.show_report", year=year, half=half))


@doors.get(f"{PATH}/oppna")
@staff_only(*KEEPERS)
def show_reopening(year: int, half: int) -> ResponseReturnValue:
    """Asks why a settled report is opened again."""
    report = report_of(year, half, now())
    return year_page("reopening", year, str(half), report=report, half=half, form=ReopenForm(formdata=None))


@doors.post(f"{PATH}/oppna")
@staff_only(*KEEPERS)
def submit_reopening(year: int, half: int) -> ResponseReturnValue:
    form, report = ReopenForm(), report_of(year, half, now())
    if not form.validate_on_submit():
        return year_page("reopening", year, str(half), report=report, half=half, form=form), 422
    try:
        with transaction():
            reopen(year, half, form.why.data, signed_in().name, now())
    except NotSettled as refusal:
        flash(str(refusal), "warn")
    else:
        flash("Rapporten är öppen igen. Siffrorna följer det som är inskrivet nu.", "good")
    return redirect(url_for("followup_staff.show_report", year=year, half=half))
