"""Searching an event's people by name, company or short code, for the plain page; the phone searches its own list."""

from __future__ import annotations

import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.events.checkin.finding import by_code
from eventsys.events.models import Attendee

MOST = 30


def find(event_id: int, q: str) -> list[Attendee]:
    """People whose name or company holds every word; `ake` finds Åke. At most MOST, in order of names."""
    coded = by_code(event_id, q).attendee
    if coded is not None:
        return [coded]
    words = folded(q).split()
    query = (
        select(Attendee)
        .options(joinedload(Attendee.registration))
        .where(Attendee.event_id == event_id)
        .order_by(Attendee.sort_key, Attendee.id)
    )
    people = db.session.execute(query).scalars()
    return [one for one in people if all(word in _text(one) for word in words)][:MOST]


def _text(attendee: Attendee) -> str:
    return folded(f"{attendee.name} {attendee.registration.company_name}")


def folded(text: str) -> str:
    """Lower case without accents, ring and dots."""
    plain = text.lower().replace("ø", "o").replace("æ", "ae").replace("ß", "ss")
    return "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
