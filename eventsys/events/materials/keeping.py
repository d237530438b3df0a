"""Material: add, order, show to everybody, remove, and publish it to those who came."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from sqlalchemy import func, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.materials.models import Material
from eventsys.events.materials.queries import material_in, materials_of
from eventsys.events.materials.uploads import Upload
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.events.seats import locked_event
from eventsys.mail.outbox import Posting, post_all
from eventsys.tokens import new_token

MOST = 50  # an event holds so many; more than that is an archive
LONGEST_URL = 500


class PoorLink(Refused):
    """The address cannot be handed out; the text says what to do."""


class TooMany(Refused):
    """The event holds all the material it can."""


class NothingToPublish(Refused):
    """There is no material yet."""


def safe_link(text: str) -> str:
    """An https address as it will be shown. Raises PoorLink."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, named = parts.hostname or "", parts.username or parts.password
        parts.port  # noqa: B018  (raises ValueError when it is none)
    except ValueError as error:
        raise PoorLink("Adressen går inte att läsa. Kopiera den från webbläsaren.") from error
    if parts.scheme != "https" or "." not in host or named:
        raise PoorLink("Adressen ska börja med https:// och leda till en webbplats.")
    if len(url) > LONGEST_URL or not url.isprintable() or any(mark in url for mark in ' <>"\\'):
        raise PoorLink("Adressen är för lång eller har tecken som inte får finnas. Kopiera den från webbläsaren.")
    return url


def add_link(event_id: int, title: str, url: str, at: datetime) -> Material:
    """A link, last. Raises NotFound, PoorLink, TooMany. Flushes, does not commit."""
    return _add(event_id, Material(title=title, url=safe_link(url)), at)


def add_file(event_id: int, title: str, upload: Upload, at: datetime) -> Material:
    """A file, last. Raises NotFound, TooMany. Flushes, does not commit."""
    file = Material(
        title=title or upload.name,
        file_name=upload.name,
        content_type=upload.content_type,
        size=len(upload.content),
        content=upload.content,
    )
    return _add(event_id, file, at)


def _add(event_id: int, material: Material, at: datetime) -> Material:
    event = locked_event(event_id)
    there = db.session.execute(
        select(func.count(), func.max(Material.position)).where(Material.event_id == event.id)
    ).one()
    if there[0] >= MOST:
        raise TooMany(f"Högst {MOST} länkar och filer får plats. Ta bort någon först.")
    material.event_id, material.position = event.id, (there[1] or 0) + 1
    material.token, material.created_at = new_token(), at
    db.session.add(material)
    audit.record("material.added", f"event:{event.id}")
    db.session.flush()
    return material


def remove(event_id: int, material_id: int) -> None:
    """Take it away for good, from letters' links too. Raises NotFound. Flushes, does not commit."""
    locked_event(event_id)
    db.session.delete(material_in(event_id, material_id))
    audit.record("material.removed", f"event:{event_id}")
    db.session.flush()


def show_to_everybody(event_id: int, material_id: int, public: bool) -> None:
    """Also on the event's page once it is published, or not any more. Raises NotFound. Flushes."""
    locked_event(event_id)
    material = material_in(event_id, material_id)
    if material.public is not public:
        material.public = public
        audit.record("material.opened" if public else "material.closed", f"event:{event_id}")
    db.session.flush()


def move(event_id: int, material_id: int, up: bool) -> None:
    """Change places with the one before or after. Raises NotFound. Flushes, does not commit."""
    locked_event(event_id)
    moved, order = material_in(event_id, material_id), materials_of(event_id)
    here = order.index(moved)
    there = max(0, here - 1) if up else min(len(order) - 1, here + 1)
    order.insert(there, order.pop(here))
    for position, material in enumerate(order, start=1):
        material.position = position
    db.session.flush()


def publish(event_id: int, at: datetime) -> int:
    """Let those who came have all the material there is, and tell each of them once by letter; returns how many now.

    Material that is added and published later shows on their pages without another letter; who was noted as having come
    since then gets the one letter. Raises NotFound, NothingToPublish. Flushes, does not commit.
    """
    event = locked_event(event_id)
    materials = materials_of(event.id)
    if not materials:
        raise NothingToPublish("Lägg till en länk eller en fil först.")
    for material in materials:
        material.published_at = material.published_at or at
    told = post_all([_posting(attendee) for attendee in _who_came(event)])
    audit.record("material.published", f"event:{event.id}", letters=told)
    db.session.flush()
    return told


def _who_came(event: Event) -> list[Attendee]:
    """One for each address: who holds it alone, before a colleague who shares it."""
    query = (
        select(Attendee)
        .where(Attendee.event_id == event.id, Attendee.state == AttendeeState.ATTENDED)
        .order_by(Attendee.address_claim.is_(None).desc(), Attendee.id)
    )
    return list({one.email_key: one for one in db.session.execute(query).scalars()}.values())


def _posting(attendee: Attendee) -> Posting:
    return Posting(
        "events/material",
        attendee.id,
        purpose_key=f"events/material:{attendee.event_id}:{sha256(attendee.email_key.encode()).hexdigest()}",
        address=attendee.email,
        name=attendee.name,
        lang=attendee.registration.lang,
        about=f"registration:{attendee.registration_id}",
    )
