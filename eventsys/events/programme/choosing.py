"""Choosing sessions: one place in each slot at most, and a queue for a better one meanwhile.

Everything here happens under the event's lock, which covers all its sessions: a swap touches several of them, and locks
taken session by session could wait for each other. Places are counted from rows, as seats are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from eventsys.counters import count_refusal
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.models import Attendee, Event, EventState
from eventsys.events.programme import notices
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.programme.promotion import promote_sessions
from eventsys.events.programme.queries import COMES, SessionPlaces, places_in, slots_of
from eventsys.events.seats import locked_event


class SessionFull(Refused):
    """There is no place for newcomers in these sessions, and nobody said they would queue; `.sessions` names them."""

    def __init__(self, sessions: Collection[Session]) -> None:
        super().__init__(", ".join(session.title for session in sessions))
        self.session_ids = frozenset(session.id for session in sessions)


class SessionGone(Refused):
    """A session that was chosen is not in the programme any more or has begun, or the person does not come."""


@dataclass(frozen=True)
class Wanted:
    """What one person wants: slot id -> session id, or None for no session in that slot.

    `queue_ok` are the sessions that the person has seen are full and queues for. Slots not named stay as they are.
    """

    sessions: Mapping[int, int | None]
    queue_ok: Collection[int] = ()


def choose(attendee: Attendee, wanted: Mapping[int, int | None], at: datetime, queue_ok: Collection[int] = ()) -> bool:
    """Change what a person has chosen: slot id -> session id, or None to leave; returns whether anything changed.

    Who asks for a full session that is in `queue_ok` queues for it and keeps the place held meanwhile. Who has no seat
    at the event yet only notes a wish, which is fulfilled in its turn when the seat comes. Those who come are told of
    the change by letter. Raises SessionFull, SessionGone. Flushes, does not commit.
    """
    event = locked_event(attendee.event_id)
    db.session.refresh(attendee)
    if not attendee.is_active or event.state is not EventState.PUBLISHED:
        raise SessionGone
    if not place(event, [(attendee, Wanted(wanted, queue_ok))], at):
        return False
    promote_sessions(event, at, untold=[attendee])
    if attendee.state in COMES:
        attendee.letter_number += 1
        notices.tell_sessions_chosen(attendee)
    db.session.flush()
    return True


def place(event: Event, wishes: Iterable[tuple[Attendee, Wanted]], at: datetime) -> bool:
    """Give people the places they want, on an event whose seats the caller has locked; True when anything changed.

    All or nothing, so long as the caller's transaction ends with a refusal: raises SessionFull with every session that
    is full, SessionGone. Tells nobody. Flushes, does not commit.
    """
    wishes = [(attendee, wanted) for attendee, wanted in wishes if wanted.sessions]
    if not wishes:
        return False
    offered = {slot.id: slot for slot in slots_of(event) if slot.has_choice}
    desk = _Desk(at, places_in(event), _standing([attendee.id for attendee, _ in wishes]))
    for attendee, wanted in wishes:
        for slot_id, session_id in wanted.sessions.items():
            desk.settle(attendee, offered.get(slot_id), session_id, wanted.queue_ok)
    if desk.full:
        count_refusal("session_full")
        raise SessionFull(desk.full)
    db.session.flush()
    return desk.changed


Standing = dict[tuple[int, int], dict[ChoiceState, SessionChoice]]


def _standing(attendee_ids: Collection[int]) -> Standing:
    """(attendee id, slot id) -> the place held and the place in a queue, where there is one."""
    query = select(SessionChoice).where(
        SessionChoice.attendee_id.in_(attendee_ids), SessionChoice.state != ChoiceState.LEFT
    )
    found: Standing = {}
    for choice in db.session.execute(query).scalars():
        found.setdefault((choice.attendee_id, choice.slot_id), {})[choice.state] = choice
    return found


@dataclass
class _Desk:
    """What is known and done while the wishes of a booking are gone through, one after another."""

    at: datetime
    places: dict[int, SessionPlaces]
    standing: Standing
    full: list[Session] = field(default_factory=list)
    changed: bool = False

    def settle(self, attendee: Attendee, slot: Slot | None, session_id: int | None, queue_ok: Collection[int]) -> None:
        """One person's wish for one slot."""
        has = self.standing.get((attendee.id, slot.id), {}) if slot else {}
        held, waits = has.get(ChoiceState.HELD), has.get(ChoiceState.WAITING)
        if waits and waits.session_id == session_id:
            return
        if (held.session_id if held else None) == session_id and not waits:
            return
        session = _open_session(slot, session_id, self.at)
        self.changed = True
        self._leave(waits)
        if session is None:
            self._leave(held)
        elif held is None or held.session_id != session.id:
            self._enter(attendee, session, held, queue_ok)

    def _enter(
        self, attendee: Attendee, session: Session, held: SessionChoice | None, queue_ok: Collection[int]
    ) -> None:
        if attendee.state not in COMES:
            self._add(attendee, session, ChoiceState.WAITING)
        elif self.places[session.id].open_to_newcomers:
            self._leave(held)
            self._add(attendee, session, ChoiceState.HELD)
        elif session.id in queue_ok:
            self._add(attendee, session, ChoiceState.WAITING)
        else:
            self.full.append(session)

    def _leave(self, choice: SessionChoice | None) -> None:
        if choice is None:
            return
        was_held, choice.state, choice.left_at = choice.state is ChoiceState.HELD, ChoiceState.LEFT, self.at
        # The places are not counted down: one that is left goes to the queue first, see promote_sessions.
        if was_held:
            db.session.flush()  # the database allows one place in a slot: the old is left before the new is taken

    def _add(self, attendee: Attendee, session: Session, state: ChoiceState) -> None:
        waits = state is ChoiceState.WAITING
        db.session.add(
            SessionChoice(
                attendee_id=attendee.id, slot_id=session.slot_id, session_id=session.id, state=state,
                queued_at=self.at if waits else None, held_at=None if waits else self.at,
            )
        )  # fmt: skip
        if attendee.state in COMES:
            self.places[session.id] = self.places[session.id].with_one_more(waits)


def _open_session(slot: Slot | None, session_id: int | None, at: datetime) -> Session | None:
    """The session to enter, None to have none. Raises SessionGone."""
    if slot is None or at >= slot.starts_at:
        raise SessionGone
    if session_id is None:
        return None
    found = next((session for session in slot.sessions if session.id == session_id), None)
    if found is None:
        raise SessionGone
    return found
