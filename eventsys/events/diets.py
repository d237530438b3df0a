"""Diet is health data: it goes the day after the event, whatever else is kept (events/retention.py)."""

from __future__ import annotations

from datetime import datetime

from eventsys.events.models import Event
from eventsys.events.retention import DIET
from eventsys.retention import force_of


def diets_are_gone(event: Event, at: datetime) -> bool:
    """Whether the event ended so long ago that what people wrote about food is no longer kept."""
    force = force_of(DIET)
    return force is not None and event.ends_at < force.interval.before(at)
