"""What the page of the day says of people's own data: requests that wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eventsys.i18n import short_day, url
from eventsys.privacy.queries import waiting_requests
from eventsys.staff.models import Account, Role
from eventsys.staff.waiting import Waiting


def due_requests(account: Account, _at: datetime) -> Sequence[Waiting]:
    """All that wait, as one thing to do with the day of the most urgent, for administrators. One query."""
    waiting = waiting_requests() if account.role is Role.ADMINISTRATOR else ()
    if not waiting:
        return ()
    number = "1 begäran" if len(waiting) == 1 else f"{len(waiting)} begäranden"
    latest = waiting[0].due_on
    told = f"{number} att svara på." + (f" Svara senast {short_day(latest)}." if latest else "")
    return [Waiting("Personuppgifter", url("privacy_staff.show_requests"), told)]
