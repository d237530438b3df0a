"""Doors: the years with a plan, and a new plan."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.followup.periods import has_ended
from eventsys.followup.plans import HasPlan, OddYear, new_plan
from eventsys.followup.queries import plans, settlements_in_force
from eventsys.followup.staff.doors import KEEPERS, READERS, doors
from eventsys.followup.staff.forms import YearForm
from eventsys.staff.guards import signed_in, staff_only


@doors.get("")
@staff_only(*READERS)
def show_years() -> ResponseReturnValue:
    return _page(None)


def _page(form: YearForm | None) -> str:
    found, this_year = plans(), local(now()).year
    following = this_year if all(plan.year != this_year for plan in found) else this_year + 1
    return render_template(
        "followup/years.html", plans=found, settled=settlements_in_force(), has_ended=has_ended, following=following,
        form=form or YearForm(formdata=None, data={"year": following}),
    )  # fmt: skip


@doors.post("")
@staff_only(*KEEPERS)
def submit_year() -> ResponseReturnValue:
    """A new plan, with the goals of the one before it."""
    form = YearForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            new_plan(form.year.data, signed_in().name, now())
    except (HasPlan, OddYear) as refusal:
        form.year.errors = [str(refusal)]
        return _page(form), 422
    flash(f"Årsplanen för {form.year.data} är skapad. Gå igenom målen.", "good")
    return redirect(url_for("followup_staff.show_goals", year=form.year.data))
