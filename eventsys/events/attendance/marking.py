"""Staff correct who came. Each marking is one act that can be undone, as long as nobody has changed it since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsys import audit
from eventsys.audit import AuditEntry
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Attendee, AttendeeState, Event, EventState
from eventsys.events.seats import locked_event
from eventsys.events.selection import chosen
from eventsys.events.states import move

MARKED = "attendance.marked"
WITH_SEAT = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW)


class TooEarly(Refused):
    """The event has not begun, or is not held: nobody can have come or stayed away."""


@dataclass(frozen=True)
class Marked:
    """What a marking changed: how many came and did not, and the entry of the audit trail that undoes it."""

    came: int
    absent: int
    entry_id: int | None = None

    @property
    def people(self) -> int:
        return self.came + self.absent


def mark(event_id: int, ids: Collection[int], came: bool, at: datetime) -> Marked:
    """Note that these people came, or did not. Those without a seat, and those marked so already, stay as they are.

    Raises TooEarly, and NotFound when one of them is not of this event. Flushes, does not commit.
    """
    event = locked_event(event_id)
    if event.state is not EventState.PUBLISHED or at < event.starts_at:
        raise TooEarly
    to = AttendeeState.ATTENDED if came else AttendeeState.NO_SHOW
    people = [one for one in chosen(event_id, ids) if one.state in WITH_SEAT and one.state is not to]
    before = _by_state(people)
    for attendee in people:
        move(attendee, to, at)
    return _noted(event, {to: people}, before, closed=False)


def note_marking(event: Event, became: Mapping[AttendeeState, Sequence[Attendee]], closed: bool) -> Marked:
    """Write a marking of people who were confirmed before into the audit trail, so that it can be undone."""
    people = [attendee for group in became.values() for attendee in group]
    return _noted(event, became, {AttendeeState.CONFIRMED: [one.id for one in people]}, closed)


def undo(event_id: int, entry_id: int, at: datetime) -> int:
    """Give those a marking changed their state before, if it is still as the marking left it; returns how many.

    A marking that also closed the attendance opens it again. Raises NotFound. Flushes, does not commit.
    """
    event = locked_event(event_id)
    detail = _marking(event_id, entry_id).detail
    people = {one.id: one for one in chosen(event_id, _all_ids(detail))}
    left = {one: state for state in WITH_SEAT for one in _numbers(detail.get(f"to_{state}", ""))}
    undone = 0
    for state in WITH_SEAT:
        for number in _numbers(detail.get(f"from_{state}", "")):
            if people[number].state is left[number] and state is not left[number]:
                move(people[number], state, at)
                undone += 1
    if detail.get("closed"):
        event.attendance_closed_at = None
    audit.record("attendance.unmarked", f"event:{event.id}", people=undone)
    db.session.flush()
    return undone


def last_marking(event_id: int, entry_id: int) -> AuditEntry | None:
    """The marking with this id, when it is one of this event, for the button that undoes it."""
    try:
        return _marking(event_id, entry_id)
    except NotFound:
        return None


def _noted(
    event: Event,
    became: Mapping[AttendeeState, Sequence[Attendee]],
    before: Mapping[AttendeeState, Collection[int]],
    closed: bool,
) -> Marked:
    came, absent = (len(became.get(state, ())) for state in (AttendeeState.ATTENDED, AttendeeState.NO_SHOW))
    if not came + absent and not closed:
        return Marked(0, 0)
    detail = {
        **{f"from_{state}": _ranges(ids) for state, ids in before.items() if ids},
        **{f"to_{state}": _ranges([one.id for one in people]) for state, people in became.items() if people},
        **({"closed": True} if closed else {}),
    }
    entry = audit.record(MARKED, f"event:{event.id}", came=came, absent=absent, **detail)
    db.session.flush()
    return Marked(came, absent, entry.id)


def _marking(event_id: int, entry_id: int) -> AuditEntry:
    entry = db.session.get(AuditEntry, entry_id)
    if entry is None or entry.action != MARKED or entry.subject != f"event:{event_id}":
        raise NotFound
    return entry


def _by_state(people: Sequence[Attendee]) -> dict[AttendeeState, list[int]]:
    return {state: [one.id for one in people if one.state is state] for state in WITH_SEAT}


def _all_ids(detail: Mapping[str, str]) -> set[int]:
    return {number for state in WITH_SEAT for number in _numbers(detail.get(f"from_{state}", ""))}


# --- ids on one short line, for the audit trail: 12-50 52 ---------------------------------------------------------


def _ranges(numbers: Collection[int]) -> str:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _numbers(text: str) -> list[int]:
    runs = (run.partition("-") for run in text.split())
    return [number for first, _, last in runs for number in range(int(first), int(last or first) + 1)]
