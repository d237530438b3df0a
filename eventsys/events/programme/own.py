"""One person's programme: what letters, the ticket, the booking page and the calendar show of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from eventsys.database import db
from eventsys.events.models import Attendee
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot


@dataclass(frozen=True)
class OwnProgramme:
    """What one person has chosen of an event's programme."""

    slots: Sequence[Slot]  # the whole programme in time order, what is taken out of it among it
    held: Sequence[Session]
    waits_for: Sequence[Session]
    left: Sequence[Session]  # once held, not any more

    @property
    def live_slots(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.removed_at is None]


NO_PROGRAMME = OwnProgramme((), (), (), ())

_ALL_SLOTS = select(Slot).order_by(Slot.starts_at, Slot.ends_at, Slot.id)


def own_programme(attendee: Attendee) -> OwnProgramme:
    """One person's programme in two queries; one where the event has no programme."""
    slots = list(db.session.execute(_ALL_SLOTS.where(Slot.event_id == attendee.event_id)).scalars())
    choices = _choices_of(attendee) if slots else []
    held = [choice.session for choice in choices if choice.state is ChoiceState.HELD]
    once_held = {choice.session_id: choice.session for choice in choices if choice.held_at is not None}
    return OwnProgramme(
        slots=slots,
        held=held,
        waits_for=[choice.session for choice in choices if choice.state is ChoiceState.WAITING],
        left=[session for session in once_held.values() if session not in held],
    )


def _choices_of(attendee: Attendee) -> list[SessionChoice]:
    query = (
        select(SessionChoice)
        .join(SessionChoice.session)
        .join(Session.slot)
        .options(contains_eager(SessionChoice.session).contains_eager(Session.slot))
        .where(SessionChoice.attendee_id == attendee.id)
        .order_by(Slot.starts_at, Slot.id, SessionChoice.id)
    )
    return list(db.session.execute(query).scalars())
