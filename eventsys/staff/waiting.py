"""What higher slices know to be waiting for somebody, and the page of the day shows.

A slice adds a function of its own: `WAITING.append(...)`. The page calls them, and knows nothing of the slices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsys.staff.models import Account


@dataclass(frozen=True)
class Waiting:
    """Something to do: what it is, where it is done, and how it stands."""

    label: str
    url: str
    text: str


WAITING: list[Callable[[Account, datetime], Sequence[Waiting]]] = []


def waiting_for(account: Account, at: datetime) -> list[Waiting]:
    """Everything that waits for this account."""
    return [one for tell in WAITING for one in tell(account, at)]
