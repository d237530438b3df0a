"""Doors: a copy of an event, such as next year's Näringslivsdag from this year's."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from eventsys.clock import from_local, local, now
from eventsys.database import transaction
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.drafting import day_for_copy, draft_copy
from eventsys.events.facts import facts_of
from eventsys.events.models import Event
from eventsys.events.special_days import remarks_on
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.topics.queries import points_left
from eventsys.fields import TITLE, ClockField, DayField, given
from eventsys.forms import Form, LineField, at_most, required
from eventsys.staff.guards import signed_in, staff_only


class CopyForm(Form):
    """A new title and time for a copy."""

    title = LineField("Rubrik", [required("Skriv en rubrik."), at_most(TITLE)])
    day = DayField("Datum", [given("Välj ett datum.")])
    starts = ClockField("Börjar", [given("Skriv när det börjar.")])
    takes_points = BooleanField("Ta med det som inte hann tas upp")

    @property
    def starts_at(self) -> datetime:
        return from_local(datetime.combine(self.day.data, self.starts.data))


@doors.get("/evenemang/<int:event_id>/kopia")
@staff_only(*PLANNERS)
def show_copy(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    day = day_for_copy(event, local(now()).date())
    form = CopyForm(data={"title": event.title, "day": day, "starts": local(event.starts_at).time()})
    return _page(event, form)


def _page(event: Event, form: CopyForm) -> str:
    """The page says what is worth a thought about the day that stands there."""
    remarks = remarks_on(form.day.data, local(now()).date()) if form.day.data else []
    return event_page(
        "copy", event, "", form=form, remarks=remarks, points_left=points_left(event), facts=facts_of(event)
    )


@doors.post("/evenemang/<int:event_id>/kopia")
@staff_only(*PLANNERS)
def submit_copy(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), CopyForm()
    if not form.validate_on_submit():
        return _page(event, form), 422
    with transaction():
        copy_id = draft_copy(event_id, form.title.data, form.starts_at, form.takes_points.data).id
    flash("Kopian är sparad som utkast. Gå igenom texterna och publicera när den är klar.", "good")
    return redirect(url_for("events_staff.show_event", event_id=copy_id))
