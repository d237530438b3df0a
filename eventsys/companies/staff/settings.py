"""Doors: the settings of the register."""

from __future__ import annotations

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.companies.settings import change_goal, register_settings
from eventsys.companies.staff.doors import REGISTRARS, doors, section_page
from eventsys.companies.staff.tag_forms import RegisterSettingsForm
from eventsys.database import transaction
from eventsys.staff.guards import staff_only

TAB = "show_register_settings"
POSTCODES = "companies_staff.show_postcodes"


@doors.get("/installningar")
@staff_only(*REGISTRARS)
def show_register_settings() -> ResponseReturnValue:
    return _page(RegisterSettingsForm(formdata=None, obj=register_settings()))


def _page(form: RegisterSettingsForm) -> str:
    postcodes_url = url_for(POSTCODES) if POSTCODES in current_app.view_functions else None
    return section_page("settings", TAB, form=form, postcodes_url=postcodes_url)


@doors.post("/installningar")
@staff_only(*REGISTRARS)
def submit_register_settings() -> ResponseReturnValue:
    form = RegisterSettingsForm()
    if not form.validate_on_submit():
        return _page(form), 422
    with transaction():
        change_goal(form.goal_visits.data)
    flash("Inställningarna är sparade.", "good")
    return redirect(url_for("companies_staff.show_register_settings"))
