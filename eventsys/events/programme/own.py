"""One person's programme: what letters, the ticket, the booking page and the calendar show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from eventsys.database import db
from eventsys.events.models import Attendee
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.programme.queries import COMES


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

_ALL_SLOTS = select(Slot).options(selectinload(Slot.sessions)).order_by(Slot.starts_at, Slot.ends_at, Slot.id)


def own_programme(attendee: Attendee) -> OwnProgramme:
    """One person's programme in three queries; one where the event has no programme."""
    return own_programmes([attendee])[attendee.id]


def own_programmes(attendees: Sequence[Attendee]) -> dict[int, OwnProgramme]:
    """The programmes of people of one event, in as many queries as that of one: attendee id -> programme."""
    if not attendees:
        return {}
    slots = list(db.session.execute(_ALL_SLOTS.where(Slot.event_id == attendees[0].event_id)).scalars())
    choices = _choices_of([attendee.id for attendee in attendees]) if slots else []
    return {
        attendee.id: _own(slots, [choice for choice in choices if choice.attendee_id == attendee.id])
        for attendee in attendees
    }


def _own(slots: Sequence[Slot], choices: Sequence[SessionChoice]) -> OwnProgramme:
    held = [choice.session for choice in choices if choice.state is ChoiceState.HELD]
    once_held = {choice.session_id: choice.session for choice in choices if choice.held_at is not None}
    return OwnProgramme(
        slots=slots,
        held=held,
        waits_for=[choice.session for choice in choices if choice.state is ChoiceState.WAITING],
        left=[session for session in once_held.values() if session not in held],
    )


def choices_of_person(attendee: Attendee) -> list[SessionChoice]:
    """What one person holds, waits for and has left, in order of time, with sessions and slots at hand."""
    return _choices_of([attendee.id])


def _choices_of(attendee_ids: Sequence[int]) -> list[SessionChoice]:
    query = (
        select(SessionChoice)
        .join(SessionChoice.session)
        .join(Session.slot)
        .options(contains_eager(SessionChoice.session).contains_eager(Session.slot))
        .where(SessionChoice.attendee_id.in_(attendee_ids))
        .order_by(Slot.starts_at, Slot.id, SessionChoice.id)
    )
    return list(db.session.execute(query).scalars())


def places_in_queues(programmes: Mapping[int, OwnProgramme]) -> dict[tuple[int, int], int]:
    """(attendee id, session id) -> 1 for the first in the session's queue, of those who wait and come to the event."""
    waited_for = {session.id for one in programmes.values() for session in one.waits_for}
    if not waited_for:
        return {}
    query = (
        select(SessionChoice.attendee_id, SessionChoice.session_id)
        .join(SessionChoice.attendee)
        .where(
            SessionChoice.session_id.in_(waited_for),
            SessionChoice.state == ChoiceState.WAITING,
            Attendee.state.in_(COMES),
        )
        .order_by(SessionChoice.queued_at, SessionChoice.id)
    )
    lengths: dict[int, int] = {}
    found = {}
    for attendee_id, session_id in db.session.execute(query):
        lengths[session_id] = lengths.get(session_id, 0) + 1
        found[attendee_id, session_id] = lengths[session_id]
    return found
