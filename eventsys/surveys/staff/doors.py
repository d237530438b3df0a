"""The blueprint of the staff's pages about surveys, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from eventsys.clock import now
from eventsys.events import words as event_words
from eventsys.events.access import powers_of
from eventsys.events.frame import event_frame
from eventsys.events.models import Event
from eventsys.staff.guards import signed_in
from eventsys.surveys import words

doors = Blueprint("surveys_staff", __name__, url_prefix="/personal")

TAB = "surveys_staff.show_survey"


@doors.context_processor
def _for_templates() -> dict[str, Any]:
    return {"survey_words": words, "words": event_words, "at": now()}


def survey_page(template: str, event: Event, **context: Any) -> str:
    """A page about the survey of one event, in the event's frame, on the tab "Enkät"."""
    frame = event_frame(event, TAB)
    return render_template(f"surveys/staff/{template}.html", **frame, powers=powers_of(signed_in()), **context)
