"""Reading material: of an event, by its public link, and what somebody who came may have."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.materials.models import Material
from eventsys.events.models import Attendee, AttendeeState, EventState

# The bytes of a file are read only by those who hand it out.


def materials_of(event_id: int) -> list[Material]:
    """All of an event's material, in its order."""
    query = select(Material).where(Material.event_id == event_id).order_by(Material.position, Material.id)
    return list(db.session.execute(query).scalars())


def published_of(event_id: int) -> list[Material]:
    """What those who came may have."""
    return [one for one in materials_of(event_id) if one.published_at is not None]


def public_of(event_id: int) -> list[Material]:
    """What everybody may have."""
    return [one for one in published_of(event_id) if one.public]


def public_material(token: str) -> Material:
    """A published file that everybody may have, by its link. Raises NotFound for all others."""
    found = db.session.execute(select(Material).where(Material.token == token)).scalar_one_or_none()
    if found is None or not found.public or found.published_at is None or found.event.state is EventState.DRAFT:
        raise NotFound
    return found


def material_for(attendees: Sequence[Attendee], material_id: int) -> Material:
    """A published file of the event that one of these people came to. Raises NotFound."""
    came = {one.event_id for one in attendees if one.state is AttendeeState.ATTENDED}
    found = db.session.get(Material, material_id)
    if found is None or found.event_id not in came or found.published_at is None:
        raise NotFound
    return found


def material_in(event_id: int, material_id: int) -> Material:
    """A material of this event, for staff. Raises NotFound."""
    found = db.session.get(Material, material_id)
    if found is None or found.event_id != event_id:
        raise NotFound
    return found


def for_those_who_came(attendees: Sequence[Attendee]) -> list[Material]:
    """What the page of a booking shows: nothing unless somebody of it came."""
    came = next((one.event_id for one in attendees if one.state is AttendeeState.ATTENDED), None)
    return published_of(came) if came is not None else []


def people_who_came(event_id: int) -> int:
    query = select(func.count()).where(Attendee.event_id == event_id, Attendee.state == AttendeeState.ATTENDED)
    return db.session.scalar(query) or 0
