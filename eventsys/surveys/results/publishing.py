"""Showing the results to everybody, on a page of the event, and no more."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Event
from eventsys.surveys.models import Survey
from eventsys.surveys.queries import locked_survey, survey_of
from eventsys.surveys.results.figures import ResultView, result_of
from eventsys.surveys.results.hiding import rules_now
from eventsys.surveys.results.pooling import event_results

PUBLISHED, WITHDRAWN = "survey.results_shown", "survey.results_withdrawn"


class CannotShow(Refused):
    """The text says what to do."""


def show_publicly(survey_id: int, at: datetime) -> None:
    """Show the results on a page of their own. Raises CannotShow while there is no figure to show. Flushes."""
    survey = locked_survey(survey_id)
    if not result_of(survey).is_shown:
        raise CannotShow("Det finns inget NKI att visa. Vänta tills enkäten har stängt och fler har svarat.")
    survey.shown_publicly_at = at
    audit.record(PUBLISHED, f"survey:{survey_id}")
    db.session.flush()


def stop_showing(survey_id: int) -> None:
    """Take the page away. Flushes."""
    locked_survey(survey_id).shown_publicly_at = None
    audit.record(WITHDRAWN, f"survey:{survey_id}")
    db.session.flush()


def public_result(event: Event) -> ResultView:
    """What everybody may see of an event's survey. Raises NotFound unless staff show it, and there is an index."""
    survey = survey_of(event.id)
    if survey is None or survey.shown_publicly_at is None:
        raise NotFound
    view = result_of(survey)
    if not view.is_shown:
        raise NotFound
    return view


def is_shown_publicly(event_id: int) -> bool:
    """Whether there is a page to point at; the same conditions as those of the page, asked more cheaply."""
    return any(
        one.is_shown for one in event_results(rules_now(), Event.id == event_id, Survey.shown_publicly_at.is_not(None))
    )
