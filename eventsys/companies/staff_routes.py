"""The staff's pages about companies, gathered: each group of pages has a file of its own in companies/staff/."""

from __future__ import annotations

from types import ModuleType

from eventsys.companies import words
from eventsys.companies.staff import import_files, imports, postcodes
from eventsys.companies.staff.doors import doors
from eventsys.staff.acts import ACTS, THINGS

PAGES: tuple[ModuleType, ...] = (
    import_files,
    imports,
    postcodes,
)

ACTS.update(words.ACTS)
THINGS.update(words.THINGS)

__all__ = ["PAGES", "doors"]
