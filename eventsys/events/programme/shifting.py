"""A programme that follows its event: to a new date, or into a copy. Clocks on walls count, also over summer time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.clock import from_local, local
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.models import Event
from eventsys.events.programme.models import Session, Slot
from eventsys.events.programme.queries import slots_of

_COPIED_OF_SLOT = ("name", "name_en", "has_choice")
_COPIED_OF_SESSION = (
    "position", "title", "title_en", "description", "description_en", "speakers", "room", "capacity",
)  # fmt: skip


class OutsideEvent(Refused):
    """The programme does not lie within the event's time; the text says what to do."""


def shifted(moment: datetime, by: timedelta) -> datetime:
    """A moment so much later by the clock on the wall: 13.00 stays 13.00 when days are added."""
    return from_local(_wall(moment) + by)


def between(before: datetime, after: datetime) -> timedelta:
    """How far apart two moments are by the clock on the wall."""
    return _wall(after) - _wall(before)


def _wall(moment: datetime) -> datetime:
    return local(moment).replace(tzinfo=None)


def copy_programme(original: Event, copy: Event) -> None:
    """Slots and sessions of an event in its copy, as far from its start. Nobody's choices. Flushes."""
    by = between(original.starts_at, copy.starts_at)
    for slot in slots_of(original):
        new = Slot(event_id=copy.id, starts_at=shifted(slot.starts_at, by), ends_at=shifted(slot.ends_at, by))
        _copy(slot, new, _COPIED_OF_SLOT)
        db.session.add(new)
        db.session.flush()
        for session in slot.sessions:
            added = Session(slot_id=new.id, event_id=copy.id)
            _copy(session, added, _COPIED_OF_SESSION)
            db.session.add(added)
    db.session.flush()


def _copy(old: Slot | Session, new: Slot | Session, fields: Sequence[str]) -> None:
    for field in fields:
        setattr(new, field, getattr(old, field))


def follow_event(event: Event, old_start: datetime) -> None:
    """The programme moves with its event: by as many days, and by the hours too when it would not fit otherwise.

    Raises OutsideEvent when it lies outside the event's new time even so. Flushes nothing.
    """
    slots = list(db.session.execute(select(Slot).where(Slot.event_id == event.id)).scalars())
    live = [slot for slot in slots if slot.removed_at is None]
    whole = between(old_start, event.starts_at)
    days = _wall(event.starts_at).date() - _wall(old_start).date()
    by = next((by for by in (days, whole) if all(fits(event, slot, by) for slot in live)), None)
    if by is None:
        raise OutsideEvent(
            "Programmet ligger utanför evenemangets nya tid. "
            "Ändra punkterna under Program först, eller välj en annan tid."
        )
    for slot in slots if by else ():
        slot.starts_at, slot.ends_at = shifted(slot.starts_at, by), shifted(slot.ends_at, by)


def fits(event: Event, slot: Slot, by: timedelta = timedelta()) -> bool:
    """Whether a slot, moved so far, lies within the event's time."""
    return event.starts_at <= shifted(slot.starts_at, by) and shifted(slot.ends_at, by) <= event.ends_at
