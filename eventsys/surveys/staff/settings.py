"""Doors: the settings of the surveys."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.fields import refuse
from eventsys.staff.guards import staff_only
from eventsys.staff.models import Role
from eventsys.staff.navigation import SETTINGS, Entry
from eventsys.surveys.settings import WrongBands, change_settings, survey_settings
from eventsys.surveys.staff.doors import doors
from eventsys.surveys.staff.survey_forms import SettingsForm, settings_form

SETTINGS.append(
    Entry("Enkäter", "surveys_staff.show_survey_settings", "survey", "Målet för NKI, när enkäter öppnar och stänger.")
)


@doors.get("/installningar/enkater")
@staff_only(Role.ORGANISER)
def show_survey_settings() -> ResponseReturnValue:
    return _page(settings_form(survey_settings()))


def _page(form: SettingsForm) -> str:
    return render_template("surveys/staff/settings.html", form=form)


@doors.post("/installningar/enkater")
@staff_only(Role.ORGANISER)
def submit_survey_settings() -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            change_settings(form.values())
    except WrongBands as refusal:
        refuse(form, refusal)
        return _page(form), 422
    flash("Inställningarna är sparade.", "good")
    return redirect(url_for("surveys_staff.show_survey_settings"))
