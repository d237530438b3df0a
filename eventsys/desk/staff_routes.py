"""The desk's pages, gathered: each group of pages has a file of its own in desk/staff/."""

from __future__ import annotations

from eventsys.desk.staff import (
    caught,
    companies,
    letters,
    mending,
    suppressions,
    today,
)
from eventsys.desk.staff.doors import doors

PAGES = (
    caught,
    companies,
    letters,
    mending,
    suppressions,
    today,
)

__all__ = ["PAGES", "doors"]
