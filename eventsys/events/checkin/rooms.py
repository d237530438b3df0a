"""Who belongs in a room where people have chosen, and whether one more gets in."""

from __future__ import annotations

from sqlalchemy import exists, func, select

from eventsys.database import db
from eventsys.events.checkin.models import Scan
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice
from eventsys.events.programme.queries import places_in


def may_enter_session(person: Attendee, session: Session) -> bool:
    """What is for everybody is open to everybody; where there is a choice, to those who hold a place."""
    return not session.slot.has_choice or holds(person.id, session.id)


def holds(attendee_id: int, session_id: int) -> bool:
    held = select(SessionChoice.id).where(
        SessionChoice.attendee_id == attendee_id,
        SessionChoice.session_id == session_id,
        SessionChoice.state == ChoiceState.HELD,
    )
    return db.session.execute(held.limit(1)).first() is not None


def has_room(event: Event, session: Session) -> bool:
    """Whether a place is left when those let in without one are counted too."""
    places = places_in(event).get(session.id)
    return places is None or places.left > _guests_without_place(session)


def _guests_without_place(session: Session) -> int:
    held = exists().where(
        SessionChoice.attendee_id == Scan.attendee_id,
        SessionChoice.session_id == Scan.session_id,
        SessionChoice.state == ChoiceState.HELD,
    )
    query = select(func.count()).select_from(Scan).where(Scan.session_id == session.id, Scan.is_entry, ~held)
    return db.session.scalar(query) or 0
