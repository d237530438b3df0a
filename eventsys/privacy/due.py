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
    if account.role is not Role.ADMINISTRATOR:
        return ()
    waiting = [one for one in waiting_requests() if one.is_open]  # the others wait for their last letter, not for staff
    if not waiting:
        return ()
    number = "1 begäran" if len(waiting) == 1 else f"{len(waiting)} begäranden"
    latest = waiting[0].due_on
    told = f"{number} att svara på." + (f" Svara senast {short_day(latest)}." if latest else "")
    return [Waiting("Personuppgifter", url("privacy_staff.show_requests"), told)]
