"""The pages on which surveys are answered, gathered: each group of pages has a file in surveys/public/."""

from __future__ import annotations

from types import ModuleType

from eventsys.events.facts import POINTERS
from eventsys.surveys.public import (
    answering,
    open,
    results,
)
from eventsys.surveys.public.doors import doors
from eventsys.surveys.results.facts import survey_pointers

PAGES: tuple[ModuleType, ...] = (
    answering,
    open,
    results,
)

POINTERS.append(survey_pointers)

__all__ = ["PAGES", "doors"]
