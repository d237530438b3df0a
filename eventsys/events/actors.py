"""Doors for workers: what the clock has found due about events."""

from __future__ import annotations

from datetime import timedelta

from eventsys import piecework
from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events import waitlist
from eventsys.events.attendance import closing, papers
from eventsys.events.attendance.models import Paper
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
def send_reminders(reminder_id: int) -> None:
    """Post the letters of a round that is due, a portion a transaction; what is left when time is out waits."""
    stops_at, goes_on = now() + timedelta(seconds=50), True
    try:
        while goes_on and now() < stops_at:
            with transaction():
                goes_on = send_portion(reminder_id, now())
    except NotFound:
        return


@job(queue="events")
def settle_attendance(event_id: int) -> None:
    """After an event: who was not checked in did not come, and the queue has ended."""
    try:
        with transaction():
            closing.settle(event_id, now())
    except NotFound:
        return


@job(queue="papers", time_limit=120_000)
def make_paper(paper_id: int) -> None:
    """Make parts of a paper for 45 seconds at most; then ring again if there is more."""
    stops_at = now() + timedelta(seconds=45)
    while (part := _next_part(paper_id)) is not None:
        try:
            pages = papers.draw_part(part)
        except Exception:
            with transaction():
                papers.give_up(part, now())
            raise
        with transaction():
            papers.keep_part(part, pages, now())
        if now() > stops_at:
            make_paper.ring(paper_id)
            return


def _next_part(paper_id: int) -> papers.Part | None:
    with transaction():
        return papers.take_part(paper_id, now())


@job(queue="papers")
def forget_papers(_doorbell: int) -> None:
    """Delete papers that were asked for a day ago."""
    with transaction():
        piecework.forget(Paper, now())


def ring_due() -> None:
    """Ring for everything about events that is due. Called by the tick."""
    at = now()
    for event_id in waitlist.events_with_work(at):
        expire_offers.ring(event_id)
    for reminder_id in due_reminders(at):
        send_reminders.ring(reminder_id)
    for event_id in closing.events_to_settle(at):
        settle_attendance.ring(event_id)
    for paper_id in piecework.to_make(Paper, at):
        make_paper.ring(paper_id)
    if piecework.to_forget(Paper, at):
        forget_papers.ring()
