"""Staff make doors, close and open them, and give them new PINs. Each is noted in the audit trail."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.checkin.models import Door
from eventsys.events.programme.models import Session
from eventsys.tokens import new_token


def add_door(event_id: int, name: str, session_id: int | None, at: datetime) -> Door:
    """A door to the event, or to one of its sessions. Raises NotFound for another event's session. Flushes."""
    if session_id is not None:
        session = db.session.get(Session, session_id)
        if session is None or session.event_id != event_id:
            raise NotFound
    door = Door(event_id=event_id, session_id=session_id, name=name, token=new_token(), pin_version=1, created_at=at)
    db.session.add(door)
    audit.record("door.added", f"event:{event_id}")
    db.session.flush()
    return door


def close_door(door: Door, at: datetime) -> None:
    """Nobody is let in here any more; what phones have not sent yet is still taken. Again is harmless."""
    if door.closed_at is None:
        door.closed_at = at
        audit.record("door.closed", f"event:{door.event_id}", door=door.id)


def open_door(door: Door) -> None:
    """Open a closed door again."""
    if door.closed_at is not None:
        door.closed_at = None
        audit.record("door.opened", f"event:{door.event_id}", door=door.id)


def renew_pins(door: Door) -> None:
    """New PINs; everybody at the door has to type one again."""
    door.pin_version += 1
    audit.record("door.pins_renewed", f"event:{door.event_id}", door=door.id)
