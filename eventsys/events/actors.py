"""Doors for workers: what the clock has found due about events."""

from __future__ import annotations

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events import waitlist


@job(queue="events")
def expire_offers(event_id: int) -> None:
    """End the offers of an event whose time is out, and offer the seats to the next in the queue."""
    try:
        with transaction():
            waitlist.expire_offers(event_id, now())
    except NotFound:
        return


def ring_due() -> None:
    """Ring for every event that has something due. Called by the tick."""
    for event_id in waitlist.events_with_work(now()):
        expire_offers.ring(event_id)
