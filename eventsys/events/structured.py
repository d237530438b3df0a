"""schema.org/Event as JSON-LD, so that search engines show time, place and whether there are seats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from eventsys.clock import local
from eventsys.events.models import Event, EventState
from eventsys.events.programme.models import Session, Slot
from eventsys.events.seats import Seats
from eventsys.i18n import language, link
from eventsys.identity import identity

SCHEMA = "https://schema.org"


def json_ld(event: Event, seats: Seats, at: datetime, slots: Sequence[Slot] = ()) -> Markup:
    """The event as one JSON object with its sessions as subEvent, safe inside a script element."""
    parts = [_part(event, session) for slot in slots for session in slot.sessions]
    text = json.dumps(_event(event, seats, at) | ({"subEvent": parts} if parts else {}), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - JSON, with the only dangerous character escaped


def _event(event: Event, seats: Seats, at: datetime) -> dict[str, Any]:
    cancelled = event.state is EventState.CANCELLED
    address = link("events.show_event", slug=event.slug)
    return {
        "@context": SCHEMA,
        "@type": "Event",
        "name": event.in_language(language(), "title"),
        "description": event.in_language(language(), "summary"),
        "startDate": local(event.starts_at).isoformat(),
        "endDate": local(event.ends_at).isoformat(),
        "eventStatus": f"{SCHEMA}/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": event.place, "address": event.address},
        "image": link("events.show_picture", slug=event.slug),
        "organizer": {"@type": "Organization", "name": identity().organisation},
        "url": address,
        "maximumAttendeeCapacity": event.capacity,
        "offers": {"@type": "Offer", "url": address, "availability": _availability(event, seats, at)},
    }


def _part(event: Event, session: Session) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": session.in_language(language(), "title"),
        "startDate": local(session.slot.starts_at).isoformat(),
        "endDate": local(session.slot.ends_at).isoformat(),
        "location": {"@type": "Place", "name": session.room or event.place, "address": event.address},
    }


def _availability(event: Event, seats: Seats, at: datetime) -> str:
    if not event.takes_registrations(at):
        return f"{SCHEMA}/Discontinued"
    return f"{SCHEMA}/{'InStock' if seats.open_to_newcomers else 'SoldOut'}"
