"""The staff's pages about personal data, gathered: each group of pages has a file in privacy/staff/."""

from __future__ import annotations

from eventsys.privacy import words
from eventsys.privacy.due import due_requests
from eventsys.privacy.staff import answers, requests
from eventsys.privacy.staff.doors import doors
from eventsys.staff.acts import ACTS, LETTER_NAMES, THINGS
from eventsys.staff.navigation import SETTINGS, Entry
from eventsys.staff.waiting import WAITING

PAGES = (answers, requests)

ACTS.update(words.ACTS)
LETTER_NAMES.update(words.LETTER_NAMES)
THINGS.update(words.THINGS)
WAITING.append(due_requests)
SETTINGS.append(
    Entry(
        "Personuppgifter", "privacy_staff.show_requests", "lock",
        "Begäranden från personer: se, rätta eller radera deras uppgifter.",
    )
)  # fmt: skip

__all__ = ["PAGES", "doors"]
