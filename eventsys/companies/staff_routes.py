"""The staff's pages about companies, gathered: each group of pages has a file of its own in companies/staff/."""

from __future__ import annotations

from types import ModuleType

from eventsys.companies import words
from eventsys.companies.staff import (
    companies,
    contacts,
    editing,
    import_files,
    imports,
    merging,
    notes,
    postcodes,
    settings,
    tags,
    visits,
)
from eventsys.companies.staff.doors import doors
from eventsys.staff.acts import ACTS, THINGS

PAGES: tuple[ModuleType, ...] = (
    companies,
    contacts,
    editing,
    import_files,
    imports,
    merging,
    notes,
    postcodes,
    settings,
    tags,
    visits,
)

ACTS.update(words.ACTS)
THINGS.update(words.THINGS)

__all__ = ["PAGES", "doors"]
