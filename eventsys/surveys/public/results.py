"""Doors: the results that staff have chosen to show to everybody."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from eventsys.events import queries
from eventsys.pages import kept_for_a_moment
from eventsys.surveys.public.doors import doors
from eventsys.surveys.results.exporting import option_text
from eventsys.surveys.results.publishing import public_result


@doors.get("/evenemang/<slug>/resultat")
@kept_for_a_moment
def show_results(slug: str) -> ResponseReturnValue:
    """NKI with its margin and the distributions of the common questions; no sessions, no texts."""
    event = queries.event_by_slug(slug)
    return render_template(
        "surveys/results_public.html", event=event, view=public_result(event), option_text=option_text
    )
