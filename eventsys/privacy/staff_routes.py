"""The staff's pages about personal data, gathered: each group of pages has a file in privacy/staff/."""

from __future__ import annotations

from eventsys.privacy import words
from eventsys.privacy.staff import answers, requests
from eventsys.privacy.staff.doors import doors
from eventsys.staff.acts import ACTS, THINGS
from eventsys.staff.navigation import SETTINGS, Entry

PAGES = (answers, requests)

ACTS.update(words.ACTS)
THINGS.update(words.THINGS)
SETTINGS.append(
    Entry(
        "Personuppgifter", "privacy_staff.show_requests", "lock",
        "Begäranden från personer: se, rätta eller radera deras uppgifter.",
    )
)  # fmt: skip

__all__ = ["PAGES", "doors"]
