"""The staff's pages about surveys, gathered: each group of pages has a file in surveys/staff/."""

from __future__ import annotations

from types import ModuleType

from eventsys.staff.acts import ACTS, THINGS
from eventsys.surveys import words
from eventsys.surveys.staff.doors import doors

PAGES: tuple[ModuleType, ...] = ()

ACTS.update(words.ACTS)
THINGS.update(words.THINGS)

__all__ = ["PAGES", "doors"]
