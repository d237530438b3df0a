"""Short words for tests about programmes: slots, sessions, choices, who holds what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.models import Attendee, Event
from eventsys.events.programme import choosing
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.programme.queries import held_by
from tests.events.scenes import kept
from tests.factories import _kept, in_days, make_event, make_person, make_registration

HELD, WAITS, LEFT = ChoiceState.HELD, ChoiceState.WAITING, ChoiceState.LEFT

choose = kept(choosing.choose)


def make_slot(event: Event, begins: float = 0, hours: float = 1, **given: Any) -> Slot:
    """A slot `begins` hours after the event's start."""
    starts_at = given.pop("starts_at", event.starts_at + timedelta(hours=begins))
    values = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours), "event_id": event.id}
    return _kept(Slot(**{**values, **given}))


def make_workshops(event: Event, *capacities: int, begins: float = 0, name: str = "Workshoppar") -> list[Session]:
    """A slot to choose in, with sessions A, B, C ... of these capacities."""
    slot = make_slot(event, begins, has_choice=True, name=name)
    return [make_session(slot, chr(ord("A") + n), capacity=capacity) for n, capacity in enumerate(capacities)]


def make_session(slot: Slot, title: str, **given: Any) -> Session:
    values = {"slot_id": slot.id, "event_id": slot.event_id, "title": title, "room": f"Sal {title}"}
    return _kept(Session(**{**values, **given}))


def workshop_day(*capacities: int, **event: Any) -> tuple[Event, list[Session]]:
    """A published event at 14.00 in two weeks, with one slot of workshops: the hour of the run stands on no page."""
    made = make_event(**{"title": "Näringslivsdagen", "starts_at": in_days(14, hour=14), **event})
    return made, make_workshops(made, *capacities)


def comes(event: Event, name: str, *sessions: Session, queue: bool = False, at: datetime | None = None) -> Attendee:
    """Somebody registers with these sessions."""
    wanted = {session.slot_id: session.id for session in sessions}
    person = make_person(name, sessions=wanted, queue_ok=tuple(wanted.values()) if queue else ())
    return make_registration(event, [person], at).attendees[0]


def picks(attendee: Attendee, session: Session | None, queue: bool = False, slot: int = 0, **more: Any) -> bool:
    """The person chooses this session; None with a slot's id leaves it."""
    wanted = {session.slot_id: session.id} if session else {slot: None}
    return choose(attendee, wanted, more.get("at") or now(), [session.id] if session and queue else [])


def has(attendee: Attendee) -> list[str]:
    """Titles of the sessions a person holds, those queued for with `?`."""
    db.session.rollback()
    query = (
        select(Session.title, SessionChoice.state)
        .join(SessionChoice.session)
        .join(Session.slot)
        .where(SessionChoice.attendee_id == attendee.id, SessionChoice.state != LEFT)
        .order_by(Slot.starts_at, SessionChoice.state, Session.title)
    )
    return [title if state is HELD else f"{title}?" for title, state in db.session.execute(query)]


def held(event: Event) -> Counter[str]:
    """How many hold a place in each session, by title."""
    db.session.rollback()
    query = select(Session.title).join(SessionChoice.session)
    query = query.where(Session.event_id == event.id, SessionChoice.state == HELD)
    return Counter(db.session.execute(query).scalars())


def titles(attendees: Sequence[Attendee]) -> list[list[str]]:
    return [[session.title for session in held_by([one.id])[one.id]] for one in attendees]
