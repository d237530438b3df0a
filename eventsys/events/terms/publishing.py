"""Publishing the drafts of a series together, those that are ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventsys.clock import local
from eventsys.database import db
from eventsys.events.models import Event, EventState, Series
from eventsys.events.planning import CannotPublish, lacking, listed, publish
from eventsys.events.seats import locked_event
from eventsys.events.special_days import remarks_on


@dataclass(frozen=True)
class Draft:
    """A draft, what stands in its way (empty: nothing), and what is worth a thought."""

    event: Event
    obstacle: str
    remarks: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.obstacle


def drafts_of(series: Series, at: datetime) -> list[Draft]:
    """The drafts of a series, soonest first."""
    query = select(Event).where(Event.series_id == series.id, Event.state == EventState.DRAFT)
    return [_draft(event, series, at) for event in db.session.scalars(query.order_by(Event.starts_at, Event.id))]


def _draft(event: Event, series: Series, at: datetime) -> Draft:
    remarks = remarks_on(local(event.starts_at).date(), local(at).date())
    if event.title == series.name:
        remarks = ["Rubriken är bara seriens namn.", *remarks]
    return Draft(event, _obstacle(event, at), remarks)


def _obstacle(event: Event, at: datetime) -> str:
    if at >= event.starts_at:
        return "Starttiden har passerat."
    missing = lacking(event)
    return f"Saknar {listed(missing)}." if missing else ""


def publish_ready(series_id: int, event_ids: Iterable[int], at: datetime) -> tuple[int, int]:
    """Publish these drafts of the series: (how many now, how many had to stay drafts).

    What is published or called off already, or of another series, is passed over. Flushes, does not commit.
    """
    published = stayed = 0
    for event_id in _drafts_among(series_id, event_ids):
        try:
            published += _published(event_id, at)
        except CannotPublish:
            stayed += 1
    return published, stayed


def _drafts_among(series_id: int, event_ids: Iterable[int]) -> list[int]:
    """In the order in which everybody locks them."""
    query = select(Event.id).where(
        Event.id.in_(sorted(event_ids)), Event.series_id == series_id, Event.state == EventState.DRAFT
    )
    return list(db.session.scalars(query.order_by(Event.id)))


def _published(event_id: int, at: datetime) -> bool:
    if locked_event(event_id).state is not EventState.DRAFT:
        return False
    publish(event_id, at)
    return True
