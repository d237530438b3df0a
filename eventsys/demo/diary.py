"""What happened, in the order it happened.

The verbs of the house stamp some rows with the present moment (letters). After each entry those rows
are moved to the entry's time, so that the demonstration has a past.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, Update, bindparam, update

from eventsys.audit import CLOCK, act_as, retelling
from eventsys.companies.models import Company
from eventsys.database import db
from eventsys.events.models import Event
from eventsys.mail.models import Delivery, DeliveryEvent
from eventsys.staff.models import Account

Act = Callable[[datetime], object]


def _moved(model: Any, fresh: str, *further: str) -> Update:
    """The statement that moves a table's fresh rows: `fresh` is the column that tells them, `further` move along."""
    table: Table = model.__table__
    time = table.c[fresh].type
    changed = {table.c[column]: bindparam("at", type_=time) for column in (fresh, *further)}
    return update(table).where(table.c[fresh] >= bindparam("began", type_=time)).values(changed)


_MOVED = (
    _moved(Account, "created_at", "sessions_valid_from"),
    _moved(Company, "created_at"),
    _moved(Event, "created_at"),
    _moved(Delivery, "created_at", "changed_at", "not_before"),
    _moved(DeliveryEvent, "at"),
)


class Diary:
    """Entries are noted in any order and lived through in the order of their times."""

    def __init__(self, began: datetime) -> None:
        """`began` is the present: nothing later happens, and what is stamped from then on is moved."""
        self._began = began
        self._entries: list[tuple[datetime, int, str, Act]] = []

    def note(self, at: datetime, act: Act, by: str = CLOCK) -> None:
        """At this time somebody (`by`, as the audit trail names them) did this; what is still to come is left out."""
        if at < self._began:
            self._entries.append((at, len(self._entries), by, act))

    def live(self) -> None:
        """Do everything noted, in one open transaction."""
        for at, _, by, act in sorted(self._entries, key=lambda entry: entry[:2]):
            act_as(by)
            told = retelling.set(at)
            try:
                act(at)
                self._move_stamps(at)
            finally:
                retelling.reset(told)
        act_as(CLOCK)

    def _move_stamps(self, at: datetime) -> None:
        db.session.flush()
        for moved in _MOVED:
            db.session.execute(moved, {"began": self._began, "at": at})
