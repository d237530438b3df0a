"""The drafts of a term, made together and once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from eventsys import audit
from eventsys.clock import from_local, local
from eventsys.database import db
from eventsys.events.models import Event, EventState, Series
from eventsys.events.planning import event_from_series
from eventsys.events.series import locked_series
from eventsys.events.topics.themes import take_up

OPENS_AT = time(8)


@dataclass(frozen=True)
class Planned:
    """One date of the term. Without a title it is called as the series."""

    day: date
    title: str = ""
    speaker: str = ""
    theme_id: int | None = None


@dataclass(frozen=True)
class Hours:
    """When each begins and ends, on the wall in Borås, and how many weeks before its registration opens, at eight."""

    starts: time
    ends: time
    opens_weeks_before: int | None = None

    def starts_at(self, day: date) -> datetime:
        return from_local(datetime.combine(day, self.starts))

    def ends_at(self, day: date) -> datetime:
        return from_local(datetime.combine(day, self.ends))

    def opens_at(self, day: date, at: datetime) -> datetime | None:
        """None, as soon as published, when no number of weeks is wanted or that day has been."""
        if self.opens_weeks_before is None:
            return None
        opens = from_local(datetime.combine(day - timedelta(weeks=self.opens_weeks_before), OPENS_AT))
        return opens if opens > at else None


def draft_term(series_id: int, planned: Sequence[Planned], hours: Hours, at: datetime) -> tuple[list[Event], int]:
    """Drafts for all these dates: (those made now, how many were there already).

    A date where the series has an event at the same time is passed over, so the same form sent twice makes one set.
    Raises NotFound, also for a theme of another series. Flushes, does not commit.
    """
    series = locked_series(series_id)
    taken = starts_taken(series_id)
    wanted = [one for one in planned if hours.starts_at(one.day) not in taken]
    made = [_draft(series, one, hours, at) for one in wanted]
    if made:
        audit.record("term.planned", f"series:{series_id}", events=len(made))
    db.session.flush()
    return made, len(planned) - len(made)


def _draft(series: Series, planned: Planned, hours: Hours, at: datetime) -> Event:
    title = planned.title or series.name
    event = event_from_series(series, title, hours.starts_at(planned.day), hours.ends_at(planned.day))
    event.speakers = planned.speaker
    event.opens_at = hours.opens_at(planned.day, at)
    if planned.theme_id is not None:
        take_up(series.id, [planned.theme_id], event.id)
    return event


def starts_taken(series_id: int) -> dict[datetime, str]:
    """When the series has events already, and what they are called; those called off are not counted."""
    query = select(Event.starts_at, Event.title).where(
        Event.series_id == series_id, Event.state != EventState.CANCELLED
    )
    return dict(db.session.execute(query).all())


def titles_on(days: Sequence[date], taken: dict[datetime, str]) -> dict[date, str]:
    """Which of these days have an event already, of those that `starts_taken` found, and what it is called."""
    by_day = {local(starts_at).date(): title for starts_at, title in taken.items()}
    return {day: by_day[day] for day in days if day in by_day}
