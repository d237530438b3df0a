"""Letting people in at a door: by ticket, by name, without registration; and taking it back.

Every act becomes one row of `Scan`, found again by its nonce when the phone sends it twice. All of it happens under the
event's lock; that there is one entry for each person and place is held by the database besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.checkin.acts import Act
from eventsys.events.checkin.finding import Found, by_code, by_number
from eventsys.events.checkin.models import Door, Scan, ScanAct, ScanResult
from eventsys.events.checkin.opening import MARGIN
from eventsys.events.checkin.pins import Keeper
from eventsys.events.checkin.rooms import has_room, may_enter_session
from eventsys.events.checkin.walking_in import NoSeat, new_guest
from eventsys.events.models import Attendee, AttendeeState, Event, EventState
from eventsys.events.programme.promotion import promote_sessions
from eventsys.events.seats import locked_event
from eventsys.events.states import move

CLOCKS_DIFFER = timedelta(minutes=2)
GONE = (AttendeeState.CANCELLED, AttendeeState.DECLINED, AttendeeState.EXPIRED)
QUEUES = (AttendeeState.WAITING, AttendeeState.OFFERED)


@dataclass(frozen=True)
class Answer:
    """What the door says. `entry` is the row that counts for a person who is in; `why` explains a refusal."""

    nonce: str
    result: ScanResult
    attendee: Attendee | None = None
    entry: Scan | None = None
    other: Event | None = None
    why: str = ""
    clash: bool = False


@dataclass(frozen=True)
class _Call:
    """One act at one door of a locked event."""

    door: Door
    event: Event
    act: Act
    keeper: Keeper
    at: datetime

    @property
    def moment(self) -> datetime:
        """When it happened: by the phone's clock for what it kept while offline, if that makes sense."""
        told = self.act.client_at
        if not self.act.was_offline or told is None or told > self.at + CLOCKS_DIFFER:
            return self.at
        return min(told, self.at) if told >= self.event.starts_at - MARGIN else self.at

    @property
    def is_allowed_anyway(self) -> bool:
        return self.act.anyway and self.keeper is Keeper.SUPERVISOR


def admit(door_id: int, act: Act, keeper: Keeper, at: datetime) -> Answer:
    """Do what the host did, once: the same nonce again gives the same answer.

    Raises NotFound, Busy. Flushes, does not commit.
    """
    event = locked_event(_event_of(door_id))
    call = _Call(db.session.get_one(Door, door_id), event, act, keeper, at)
    known = _scan_with(act.nonce)
    if known is not None:
        return _told_before(call, known)
    if act.act is ScanAct.UNDO:
        return _undo(call)
    return _enter(call) if act.act is ScanAct.ENTER else _walk_in(call)


def _event_of(door_id: int) -> int:
    event_id = db.session.scalar(select(Door.event_id).where(Door.id == door_id))
    if event_id is None:
        raise NotFound
    return event_id


def _scan_with(nonce: str) -> Scan | None:
    query = select(Scan).options(joinedload(Scan.attendee)).where(Scan.nonce == nonce)
    return db.session.execute(query).scalar_one_or_none()


def _told_before(call: _Call, scan: Scan) -> Answer:
    if scan.door_id != call.door.id:
        return Answer(call.act.nonce, ScanResult.REFUSED)
    found = by_code(call.event.id, call.act.code) if scan.result is ScanResult.WRONG_EVENT else Found()
    entries = _entries_of(scan.attendee_id) if scan.attendee_id else []
    entry = scan if scan.is_entry else _to_tell_of(entries, scan.session_id)
    return Answer(scan.nonce, scan.result, scan.attendee, entry, found.other, clash=scan.clash)


# --- in -----------------------------------------------------------------------------------------------------------


def _enter(call: _Call) -> Answer:
    number = call.act.attendee_id
    found = by_code(call.event.id, call.act.code) if number is None else by_number(call.event.id, number)
    person = found.attendee
    if found.refusal is not None or person is None:
        result = found.refusal or ScanResult.UNKNOWN
        return _noted(call, result, person, other=found.other)
    entries = _entries_of(person.id)
    refusal = _refusal(call, person, entries)
    if refusal is None:
        return _let_in(call, person, entries)
    if refusal is ScanResult.ALREADY:
        entry = _to_tell_of(entries, call.door.session_id)
        return _noted(call, refusal, person, entry=entry, clash=call.act.was_offline)
    return _noted(call, refusal, person, why=_why(call, refusal))


def _refusal(call: _Call, person: Attendee, entries: list[Scan]) -> ScanResult | None:
    if call.event.state is EventState.CANCELLED or person.state in GONE:
        return ScanResult.CANCELLED
    if _is_in(call, person, entries):
        return ScanResult.ALREADY
    if person.state in QUEUES and not call.is_allowed_anyway:
        return ScanResult.WAITING
    if call.door.session_id is not None and not _may_enter_session(call, person):
        return ScanResult.WRONG_SESSION
    return None


def _may_enter_session(call: _Call, person: Attendee) -> bool:
    session = call.door.session
    if session is None or may_enter_session(person, session):
        return True
    return call.is_allowed_anyway and (call.act.was_offline or has_room(call.event, session))


def _why(call: _Call, refusal: ScanResult) -> str:
    if call.event.state is EventState.CANCELLED:
        return "event_cancelled"
    session = call.door.session
    full = refusal is ScanResult.WRONG_SESSION and session is not None and not has_room(call.event, session)
    return "room_full" if full else ""


def _is_in(call: _Call, person: Attendee, entries: list[Scan]) -> bool:
    """At the event's doors whoever came is in, whichever door that was; a room counts for itself."""
    if person.state is not AttendeeState.ATTENDED:
        return False
    session_id = call.door.session_id
    return session_id is None or _at(entries, session_id) is not None


def _let_in(call: _Call, person: Attendee, entries: list[Scan]) -> Answer:
    if person.state is not AttendeeState.ATTENDED:
        _forget(entries)
        if person.state in QUEUES:
            _give_seat(call, person)
        move(person, AttendeeState.ATTENDED, call.at)
        person.checked_in_at = call.moment
    return _noted(call, ScanResult.WELCOME, person, is_entry=True)


def _give_seat(call: _Call, person: Attendee) -> None:
    """A seat all the same, with the sessions wished for that have room."""
    move(person, AttendeeState.CONFIRMED, call.at)
    db.session.flush()
    promote_sessions(call.event, call.at)


def _forget(entries: list[Scan]) -> None:
    """Staff have said afterwards that the person was not there: what the doors counted counts no longer.

    Only what was seen when the person was judged, so that the index still stops whoever comes between.
    """
    for entry in entries:
        entry.is_entry = False
    db.session.flush()


def _walk_in(call: _Call) -> Answer:
    if call.event.state is not EventState.PUBLISHED:
        return _noted(call, ScanResult.CANCELLED, why="event_cancelled")
    try:
        person = new_guest(call.event, call.door, call.act, call.is_allowed_anyway, call.moment)
    except NoSeat as refusal:
        return _noted(call, ScanResult.REFUSED, why=str(refusal))
    return _noted(call, ScanResult.WELCOME, person, is_entry=True)


# --- back ---------------------------------------------------------------------------------------------------------


def _undo(call: _Call) -> Answer:
    """Take an entry back. Who has no other entry, at another room say, is expected again; a guest is not."""
    person = by_number(call.event.id, call.act.attendee_id or 0).attendee
    if call.keeper is not Keeper.SUPERVISOR:
        return _noted(call, ScanResult.REFUSED, person, why="supervisor_only")
    if person is None:
        return _noted(call, ScanResult.UNKNOWN)
    entries = _entries_of(person.id)
    entry = _at(entries, call.door.session_id)
    if person.state is not AttendeeState.ATTENDED or (entry is None and (entries or call.door.session_id)):
        return _noted(call, ScanResult.REFUSED, person, why="not_in_here")
    if entry is not None:
        entry.is_entry = False
    if all(one is entry for one in entries):
        move(person, AttendeeState.CONFIRMED, call.at)
        person.checked_in_at = None
        if _walked_in(person):  # the booking was made by the act that is taken back
            move(person, AttendeeState.CANCELLED, call.at)
    return _noted(call, ScanResult.UNDONE, person)


def _walked_in(person: Attendee) -> bool:
    query = select(Scan.id).where(Scan.attendee_id == person.id, Scan.act == ScanAct.WALK_IN)
    return db.session.execute(query.limit(1)).first() is not None


# --- rows ---------------------------------------------------------------------------------------------------------


def _at(entries: list[Scan], session_id: int | None) -> Scan | None:
    return next((entry for entry in entries if entry.session_id == session_id), None)


def _to_tell_of(entries: list[Scan], session_id: int | None) -> Scan | None:
    """The entry here, else the first one elsewhere, which counts here too."""
    return _at(entries, session_id) or next(iter(entries), None)


def _entries_of(attendee_id: int) -> list[Scan]:
    query = (
        select(Scan)
        .join(Scan.door)
        .options(contains_eager(Scan.door))
        .where(Scan.attendee_id == attendee_id, Scan.is_entry)
        .order_by(Scan.id)
    )
    return list(db.session.execute(query).scalars())


def _noted(
    call: _Call,
    result: ScanResult,
    person: Attendee | None = None,
    *,
    is_entry: bool = False,
    entry: Scan | None = None,
    other: Event | None = None,
    clash: bool = False,
    why: str = "",
) -> Answer:
    act = call.act
    scan = Scan(
        nonce=act.nonce, event_id=call.event.id, door=call.door, session_id=call.door.session_id, attendee=person,
        act=act.act, result=result, is_entry=is_entry, clash=clash, was_offline=act.was_offline,
        by_supervisor=call.keeper is Keeper.SUPERVISOR, device=act.device, client_at=act.client_at, at=call.at,
    )  # fmt: skip
    db.session.add(scan)
    db.session.flush()
    return Answer(act.nonce, result, person, scan if is_entry else entry, other, why, clash)
