"""Doors for workers: what the clock has found due about people's requests."""

from __future__ import annotations

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import leave_no_traces, transaction
from eventsys.errors import NotFound
from eventsys.privacy import asking, erasing


@job(queue="privacy")
def erase_person(request_id: int) -> None:
    """Forget the person of a request whose last letter has left."""
    try:
        with transaction():
            is_forgotten = erasing.erase(request_id, now())
    except NotFound:
        return
    if is_forgotten:
        leave_no_traces()


@job(queue="privacy")
def forget_unconfirmed(_doorbell: int) -> None:
    """Delete requests that nobody confirmed."""
    with transaction():
        asking.forget_unconfirmed(now())


def ring_due() -> None:
    """Ring for everything about people's requests that is due. Called by the tick."""
    for request_id in erasing.requests_to_erase():
        erase_person.ring(request_id)
    if asking.has_unconfirmed(now()):
        forget_unconfirmed.ring()
