"""The readers' pages, gathered: each group of pages has a file of its own in newsletters/public/."""

from eventsys.newsletters.public import (
    archive,
    leaving,
    pictures,
    preferences,
    responses,
    subscribing,
)
from eventsys.newsletters.public.doors import doors, open_doors

PAGES = (
    archive,
    leaving,
    pictures,
    preferences,
    responses,
    subscribing,
)

__all__ = ["PAGES", "doors", "open_doors"]
