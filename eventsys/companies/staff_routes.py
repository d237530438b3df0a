"""The staff's pages about companies, gathered: each group of pages has a file of its own in companies/staff/."""

from __future__ import annotations

from types import ModuleType

from eventsys.companies import words
from eventsys.companies.models import Company, Import, Tag
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
from eventsys.staff.acts import ACTS, PLACES, THINGS, Place

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
PLACES.update(
    company=Place("desk.show_company", "company_id", Company),
    company_import=Place("companies_staff.show_import", "import_id", Import),
    tag=Place("companies_staff.show_tag", "tag_id", Tag),
)

__all__ = ["PAGES", "doors"]
