"""Doors for workers: what the clock has found due about events."""

from __future__ import annotations

from datetime import timedelta

from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events import diets, waitlist
from eventsys.events.reminders.sending import due_reminders, send_portion


@job(queue="events")
def expire_offers(event_id: int) -> None:
    """End the offers of an event whose time is out, and offer the seats to the next in the queue."""
    try:
        with transaction():
            waitlist.expire_offers(event_id, now())
    except NotFound:
        return


@job(queue="events")
def forget_diets(_doorbell: int) -> None:
    """Delete what people eat of events that ended before today."""
    with transaction():
        diets.forget_diets(now())


@job(queue="events")
def send_reminders(reminder_id: int) -> None:
    """Post the letters of a round that is due, a portion a transaction; what is left when time is out waits."""
    stops_at, goes_on = now() + timedelta(seconds=50), True
    try:
        while goes_on and now() < stops_at:
            with transaction():
                goes_on = send_portion(reminder_id, now())
    except NotFound:
        return


def ring_due() -> None:
    """Ring for everything about events that is due. Called by the tick."""
    at = now()
    for event_id in waitlist.events_with_work(at):
        expire_offers.ring(event_id)
    if diets.diets_to_forget(at):
        forget_diets.ring()
    for reminder_id in due_reminders(at):
        send_reminders.ring(reminder_id)
