"""Which surveys and templates somebody may open: those of events and series within reach."""

from __future__ import annotations

from eventsys.errors import NotFound
from eventsys.events.access import event_for, series_for
from eventsys.events.models import Event, Series
from eventsys.staff.guards import signed_in
from eventsys.surveys.models import Survey, SurveyTemplate
from eventsys.surveys.queries import survey_of, template_of


def survey_for(event_id: int) -> tuple[Event, Survey]:
    """An event within reach, and its survey. Raises NotFound."""
    event = event_for(signed_in(), event_id)
    survey = survey_of(event.id)
    if survey is None:
        raise NotFound
    return event, survey


def template_for(series_id: int) -> tuple[Series, SurveyTemplate]:
    """A series within reach, and its template. Raises NotFound."""
    series = series_for(signed_in(), series_id)
    template = template_of(series.id)
    if template is None:
        raise NotFound
    return series, template
