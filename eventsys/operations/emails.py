"""The letters about troubles, to those who look after the system."""

from __future__ import annotations

from eventsys.i18n import link
from eventsys.mail.compose import Email, compose
from eventsys.operations.models import Trouble
from eventsys.operations.words import TROUBLES


def trouble(row: Trouble, name: str, is_reminder: bool) -> Email:
    """Something is stuck, or still is."""
    return compose("operations/trouble", "sv", _context(row, name) | {"is_reminder": is_reminder})


def trouble_over(row: Trouble, name: str) -> Email:
    """It goes again."""
    return compose("operations/trouble_over", "sv", _context(row, name))


def _context(row: Trouble, name: str) -> dict[str, object]:
    return {"name": name, "trouble": row, "words": TROUBLES[row.kind], "url": link("operations.show_operations")}
