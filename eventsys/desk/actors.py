"""Doors for workers: what looks across everything and need not be done at once."""

from __future__ import annotations

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.desk.attaching import PORTION, attach, contacts_wait

_PORTIONS = 20
"""In one go; what is left then is found by the next tick."""


@job(queue="companies")
def attach_contacts(_nothing: int) -> None:
    """Attach what people wrote to the companies of new contacts, in short transactions."""
    for _ in range(_PORTIONS):
        with transaction():
            done = attach(now())
        if done < PORTION:
            return


def ring_due() -> None:
    """Ring when contacts wait. Called by the tick."""
    if contacts_wait():
        attach_contacts.ring()
