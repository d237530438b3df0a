"""The readers' pages, gathered: each group of pages has a file of its own in newsletters/public/."""

from eventsys.newsletters.public import (
    archive,
    pictures,
    responses,
)
from eventsys.newsletters.public.doors import doors, open_doors

PAGES = (
    archive,
    pictures,
    responses,
)

__all__ = ["PAGES", "doors", "open_doors"]
