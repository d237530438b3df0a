"""Doors for the workers: deliver what is due."""

from __future__ import annotations

from eventsys.broker import job


@job("mail", time_limit=300_000)
def deliver(_doorbell: int) -> None:
    """Deliver everything that is due, for 50 seconds at most; then ring again if there is more."""
