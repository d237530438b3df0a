"""Doors for workers: the nightly run, and going on with one that was cut off."""

from __future__ import annotations

from datetime import timedelta

from eventsys.audit import CLOCK
from eventsys.broker import job
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.privacy.retention.running import begin_run, go_on, night_to_begin, unfinished_runs


@job(queue="retention")
def begin_night(_doorbell: int) -> None:
    """Begin the run of this night, unless it has begun, and let it go on."""
    with transaction():
        night = night_to_begin(now())
        run = begin_run(now(), CLOCK, night) if night else None
        if run is not None and run.finished_at is None:
            destroy_due.ring_after_commit(run.id)


@job(queue="retention")
def destroy_due(run_id: int) -> None:
    """Destroy portions of a run for 45 seconds at most; what is left waits for the next tick."""
    stops_at, more = now() + timedelta(seconds=45), True
    try:
        while more and now() < stops_at:
            with transaction():
                more = go_on(run_id, now())
    except NotFound:
        return


def ring_due() -> None:
    """Ring when a night has come, or a run waits to go on. Called by the tick."""
    at = now()
    if night_to_begin(at) is not None:
        begin_night.ring()
    for run_id in unfinished_runs():
        destroy_due.ring(run_id)
