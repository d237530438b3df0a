"""The readers' pages, gathered: each group of pages has a file of its own in newsletters/public/."""

from eventsys.newsletters.public import (
    leaving,
    preferences,
    subscribing,
)
from eventsys.newsletters.public.doors import doors, open_doors

PAGES = (
    subscribing,
    preferences,
    leaving,
)

__all__ = ["PAGES", "doors", "open_doors"]
