"""Reading what is to be brought up at events, and the themes of series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import Event, EventState
from eventsys.events.topics.models import TalkingPoint, Theme


def points_of(event: Event) -> list[TalkingPoint]:
    """What is to be brought up, in the order it is said; what is done keeps its place."""
    query = select(TalkingPoint).where(TalkingPoint.event_id == event.id)
    return list(db.session.scalars(query.order_by(TalkingPoint.position, TalkingPoint.id)))


def points_left(event: Event) -> int:
    """How many points have not been brought up."""
    query = select(func.count()).where(TalkingPoint.event_id == event.id, TalkingPoint.done_at.is_(None))
    return db.session.scalar(query) or 0


def point_of(event: Event, point_id: int) -> TalkingPoint:
    """One point of this event. Raises NotFound."""
    point = db.session.get(TalkingPoint, point_id)
    if point is None or point.event_id != event.id:
        raise NotFound
    return point


def event_after(event: Event) -> Event | None:
    """The series' next event after this one, drafts included, those called off not."""
    query = select(Event).where(
        Event.series_id == event.series_id,
        Event.state != EventState.CANCELLED,
        (Event.starts_at > event.starts_at) | ((Event.starts_at == event.starts_at) & (Event.id > event.id)),
    )
    return db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(1)).first()


def open_themes(series_id: int, also: Iterable[int] = ()) -> list[Theme]:
    """Themes that are neither taken up at an event nor put away, the first noted first.

    `also` are ids that a form has sent: of this series they are valid even though the same form took them up already.
    """
    is_open = Theme.event_id.is_(None) & Theme.put_away_at.is_(None)
    query = select(Theme).where(Theme.series_id == series_id, is_open | Theme.id.in_(list(also)))
    return list(db.session.scalars(query.order_by(Theme.created_at, Theme.id)))


def past_themes(series_id: int) -> Sequence[Theme]:
    """Themes that were taken up, with their events, and those put away; the last noted first."""
    query = (
        select(Theme)
        .options(joinedload(Theme.event))
        .where(Theme.series_id == series_id, Theme.event_id.isnot(None) | Theme.put_away_at.isnot(None))
    )
    return db.session.scalars(query.order_by(Theme.created_at.desc(), Theme.id.desc())).all()


def themes_of(event: Event) -> Sequence[Theme]:
    """Themes taken up at this event."""
    return db.session.scalars(select(Theme).where(Theme.event_id == event.id).order_by(Theme.id)).all()


def theme_of(series_id: int, theme_id: int) -> Theme:
    """One theme of this series. Raises NotFound."""
    theme = db.session.get(Theme, theme_id)
    if theme is None or theme.series_id != series_id:
        raise NotFound
    return theme


def can_take_up(series_id: int, at: datetime) -> list[Event]:
    """Events of the series that are still to come and not called off, soonest first."""
    query = select(Event).where(Event.series_id == series_id, Event.state != EventState.CANCELLED, Event.ends_at > at)
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)))
