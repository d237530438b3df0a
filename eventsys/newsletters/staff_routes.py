"""The staff's pages about newsletters, gathered: each group of pages has a file of its own in newsletters/staff/."""

from __future__ import annotations

from eventsys.newsletters import words
from eventsys.newsletters.staff import (
    articles,
    audience,
    checks,
    codes,
    course,
    inviting,
    issue,
    ledger,
    preview,
    printing,
    reader_files,
    readers,
    responses,
    segments,
    sending,
    settings,
    welcome,
    welcome_approving,
    welcome_paper,
    welcome_sending,
    welcome_settings,
    welcome_writing,
    year,
)
from eventsys.newsletters.staff.doors import doors
from eventsys.staff.acts import ACTS, LETTER_NAMES, THINGS

PAGES = (
    articles,
    audience,
    checks,
    codes,
    course,
    inviting,
    issue,
    ledger,
    preview,
    printing,
    reader_files,
    readers,
    responses,
    segments,
    sending,
    settings,
    welcome,
    welcome_approving,
    welcome_paper,
    welcome_sending,
    welcome_settings,
    welcome_writing,
    year,
)

ACTS.update(words.ACTS)
LETTER_NAMES.update(words.LETTER_NAMES)
THINGS.update(words.THINGS)

__all__ = ["PAGES", "doors"]
