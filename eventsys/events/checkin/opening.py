"""When a door may be used: from a day before the first moment of the event until a day after the last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from eventsys.database import db
from eventsys.events.checkin.models import Door
from eventsys.events.models import Event
from eventsys.events.programme.models import Slot

MARGIN = timedelta(hours=24)


class Standing(StrEnum):
    OPEN = "open"
    EARLY = "early"
    CLOSED = "closed"  # by staff
    OVER = "over"


@dataclass(frozen=True)
class Hours:
    """From when until when a door may be used."""

    opens_at: datetime
    ends_at: datetime


def hours_of(event: Event) -> Hours:
    """Of all the event's doors; a course counts with all its dates."""
    query = select(func.min(Slot.starts_at), func.max(Slot.ends_at)).where(Slot.event_id == event.id)
    first, last = db.session.execute(query).one()
    begins = min(filter(None, (event.starts_at, first)))
    ends = max(filter(None, (event.ends_at, last)))
    return Hours(begins - MARGIN, ends + MARGIN)


def standing_of(door: Door, hours: Hours, at: datetime) -> Standing:
    """Whether the door may be used at this moment, else why not."""
    if at >= hours.ends_at:
        return Standing.OVER
    if door.closed_at is not None:
        return Standing.CLOSED
    return Standing.EARLY if at < hours.opens_at else Standing.OPEN
