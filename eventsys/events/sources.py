"""Named QR codes: which poster, slide or letter people came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventsys import audit
from eventsys.database import db
from eventsys.events.models import ACTIVE, Attendee, Event, Registration, Source
from eventsys.events.seats import locked_event
from eventsys.tokens import short_code


@dataclass(frozen=True)
class Origin:
    """A source and how many of the people now registered came from it; an empty `code`: by themselves."""

    code: str
    name: str
    people: int
    source: Source | None = None


def add_source(event_id: int, name: str, at: datetime) -> Source:
    """A named QR code for an event. The same name again finds the one there is. Raises NotFound. Flushes."""
    event = locked_event(event_id)
    for source in sources_of(event):
        if source.name.lower() == name.lower():
            return source
    source = Source(code=_free_code(), event=event, name=name, created_at=at)
    db.session.add(source)
    audit.record("source.added", f"event:{event.id}")
    db.session.flush()
    return source


def _free_code() -> str:
    while True:
        code = short_code()
        if db.session.execute(select(Source.id).where(Source.code == code)).first() is None:
            return code


def sources_of(event: Event) -> list[Source]:
    """The event's named QR codes, oldest first."""
    return list(db.session.execute(select(Source).where(Source.event_id == event.id).order_by(Source.id)).scalars())


def origins(event: Event) -> list[Origin]:
    """Where the people now registered came from: each named source, then codes without a name, then no code at all."""
    counted = _people_by_code(event)
    named = [Origin(source.code, source.name, counted.pop(source.code, 0), source) for source in sources_of(event)]
    direct = counted.pop("", 0)
    others = [Origin(code, code, people) for code, people in sorted(counted.items())]
    return [*named, *others, Origin("", "Direkt eller okänt", direct)]


def _people_by_code(event: Event) -> dict[str, int]:
    query = (
        select(Registration.source, func.count())
        .join(Attendee, Attendee.registration_id == Registration.id)
        .where(Attendee.event_id == event.id, Attendee.state.in_(ACTIVE))
        .group_by(Registration.source)
    )
    return dict(db.session.execute(query).all())
