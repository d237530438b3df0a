"""The staff's pages about newsletters, gathered: each group of pages has a file of its own in newsletters/staff/."""

from __future__ import annotations

from eventsys.newsletters import words
from eventsys.newsletters.staff import (
    codes,
    reader_files,
    readers,
)
from eventsys.newsletters.staff.doors import doors
from eventsys.staff.acts import ACTS, THINGS

PAGES = (
    codes,
    readers,
    reader_files,
)

ACTS.update(words.ACTS)
THINGS.update(words.THINGS)

__all__ = ["PAGES", "doors"]
