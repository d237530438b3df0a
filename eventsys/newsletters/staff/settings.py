"""Doors: the settings of the newsletters."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.newsletters.settings import change_settings, newsletter_settings
from eventsys.newsletters.staff.doors import WRITERS, doors, section_page
from eventsys.newsletters.staff.sending_forms import SettingsForm
from eventsys.staff.guards import staff_only

TAB = "show_settings"


@doors.get("/installningar")
@staff_only(*WRITERS)
def show_settings() -> ResponseReturnValue:
    return section_page("settings", TAB, form=SettingsForm(obj=newsletter_settings()))


@doors.post("/installningar")
@staff_only(*WRITERS)
def submit_settings() -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate_on_submit():
        return section_page("settings", TAB, form=form), 422
    with transaction():
        change_settings(form.addresses, form.hold_minutes.data or 0, form.goal_new.data or 0)
    flash("Inställningarna är sparade.", "good")
    return redirect(url_for("newsletters_staff.show_settings"))
