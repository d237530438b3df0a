"""Doors: the goals of a year."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import series_open_to
from eventsys.fields import refuse
from eventsys.followup import goals as verbs
from eventsys.followup.figures.catalogue import FIGURES
from eventsys.followup.models import Direction, Goal
from eventsys.followup.queries import by_area, goal_in, goals_of, plan_of
from eventsys.followup.staff.doors import KEEPERS, READERS, YEAR, doors, year_page
from eventsys.followup.staff.forms import GoalForm, goal_data
from eventsys.forms import Form
from eventsys.overwriting import ChangedMeanwhile
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only

TAB = "show_goals"
PATH = f"/<{YEAR}:year>/mal"


@doors.get(PATH)
@staff_only(*READERS)
def show_goals(year: int) -> ResponseReturnValue:
    plan = plan_of(year)
    return year_page(
        "goals", year, TAB, plan=plan, areas=by_area(goals_of(year)), figures=FIGURES, press=Form(formdata=None)
    )


@doors.get(f"{PATH}/nytt")
@staff_only(*KEEPERS)
def show_new_goal(year: int) -> ResponseReturnValue:
    plan_of(year)
    data = {"direction": Direction.AT_LEAST.value, "focus_area": request.args.get("omrade", "")[:120]}
    return _goal_page(year, None, GoalForm(formdata=None, data=data))


def _goal_page(year: int, goal: Goal | None, form: GoalForm) -> str:
    series = list(series_open_to(signed_in()))
    if goal is not None and goal.series is not None and goal.series not in series:
        series.append(goal.series)
    form.offer(series)
    areas = [area for area, _ in by_area(goals_of(year))]
    return year_page("goal", year, TAB, goal=goal, form=form, known_areas=areas, figures=FIGURES)


@doors.post(f"{PATH}/nytt")
@staff_only(*KEEPERS)
def submit_new_goal(year: int) -> ResponseReturnValue:
    form, _ = _sent(year, None)
    if not form.validate_on_submit():
        return _goal_page(year, None, form), 422
    try:
        with transaction():
            verbs.add_goal(year, form.values(), now())
    except verbs.CannotPlan as refusal:
        refuse(form, refusal)
        return _goal_page(year, None, form), 422
    flash(f"Målet {form.name.data} är tillagt.", "good")
    return redirect(url_for("followup_staff.show_goals", year=year))


def _sent(year: int, goal_id: int | None) -> tuple[GoalForm, Goal | None]:
    """The form as it was sent, with its choices. Raises NotFound for a year or goal that is not there."""
    plan_of(year)
    goal = goal_in(year, goal_id) if goal_id is not None else None
    form = GoalForm()
    form.offer(series_open_to(signed_in(), archived=True))
    return form, goal


@doors.get(f"{PATH}/<{ID}:goal_id>")
@staff_only(*KEEPERS)
def show_goal(year: int, goal_id: int) -> ResponseReturnValue:
    goal = goal_in(year, goal_id)
    return _goal_page(year, goal, GoalForm(formdata=None, data={**goal_data(goal), "seen": verbs.mark_of_goal(goal)}))


@doors.post(f"{PATH}/<{ID}:goal_id>")
@staff_only(*KEEPERS)
def submit_goal(year: int, goal_id: int) -> ResponseReturnValue:
    form, goal = _sent(year, goal_id)
    if not form.validate_on_submit():
        return _goal_page(year, goal, form), 422
    try:
        with transaction():
            verbs.edit_goal(year, goal_id, form.values(), form.seen.data or "")
    except verbs.CannotPlan as refusal:
        refuse(form, refusal)
        return _goal_page(year, goal_in(year, goal_id), form), 422
    except ChangedMeanwhile as refusal:
        refuse(form, f"{refusal} Spara igen om det du har skrivit ska gälla.")
        form.seen.data = verbs.mark_of_goal(goal_in(year, goal_id))
        return _goal_page(year, goal_in(year, goal_id), form), 409
    flash("Målet är sparat.", "good")
    return redirect(url_for("followup_staff.show_goals", year=year))


@doors.post(f"{PATH}/<{ID}:goal_id>/flytta")
@staff_only(*KEEPERS)
def submit_move(year: int, goal_id: int) -> ResponseReturnValue:
    """With the button `gor=upp` before its neighbour, else after it."""
    with transaction():
        verbs.move_goal(year, goal_id, up=request.form.get("gor") == "upp")
    return redirect(url_for("followup_staff.show_goals", year=year, _anchor=f"mal-{goal_id}"))


@doors.get(f"{PATH}/<{ID}:goal_id>/ta-bort")
@staff_only(*KEEPERS)
def show_goal_removal(year: int, goal_id: int) -> ResponseReturnValue:
    """Asks before a goal is removed."""
    return year_page("goal_removal", year, TAB, goal=goal_in(year, goal_id), form=Form(formdata=None))


@doors.post(f"{PATH}/<{ID}:goal_id>/ta-bort")
@staff_only(*KEEPERS)
def submit_goal_removal(year: int, goal_id: int) -> ResponseReturnValue:
    with transaction():
        verbs.remove_goal(year, goal_id, now())
    flash("Målet är borttaget ur planen.", "good")
    return redirect(url_for("followup_staff.show_goals", year=year))
