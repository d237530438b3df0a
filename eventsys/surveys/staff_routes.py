"""The staff's pages about surveys, gathered: each group of pages has a file in surveys/staff/."""

from __future__ import annotations

from types import ModuleType

from eventsys.events.facts import FACTS
from eventsys.staff.acts import ACTS, LETTER_NAMES, PLACES, THINGS, Place
from eventsys.surveys import words
from eventsys.surveys.models import Survey
from eventsys.surveys.results.facts import survey_facts
from eventsys.surveys.staff import (
    exports,
    overview,
    preview,
    questions,
    results,
    series_templates,
    settings,
    slide,
    survey,
    texts,
)
from eventsys.surveys.staff.doors import doors

PAGES: tuple[ModuleType, ...] = (
    exports,
    overview,
    preview,
    questions,
    results,
    series_templates,
    settings,
    slide,
    survey,
    texts,
)

ACTS.update(words.ACTS)
LETTER_NAMES.update(words.LETTER_NAMES)
THINGS.update(words.THINGS)
PLACES["survey"] = Place("surveys_staff.show_survey", "event_id", Survey, "event_id")
FACTS.append(survey_facts)

__all__ = ["PAGES", "doors"]
