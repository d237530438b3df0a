"""An event's rounds of letters as staff read them: what goes out when, to how many, and what has gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventsys.events.models import Event, EventState
from eventsys.events.reminders.due import due_times, of_use_until
from eventsys.events.reminders.models import Reminder, ReminderKind
from eventsys.events.reminders.schedule import reminders_of
from eventsys.events.reminders.sending import people_meant, waits_for_attendance


class RoundFate(StrEnum):
    PLANNED = "planned"
    WAITS = "waits"  # until it is known who came
    SENT = "sent"
    TOO_LATE = "too_late"  # it was due, but the clock came to it when it was of no use
    PASSED = "passed"  # its time had passed when the event was published or moved


@dataclass(frozen=True)
class Round:
    """One round of an event. `people`: how many it reaches, or reached; None where that is not known yet."""

    kind: ReminderKind
    fate: RoundFate
    at: datetime
    people: int | None = None

    @property
    def can_be_stopped(self) -> bool:
        return self.fate in (RoundFate.PLANNED, RoundFate.WAITS) and self.kind is not ReminderKind.SILENT


def rounds_of(event: Event, at: datetime) -> list[Round]:
    """What has gone out and what the event's settings ask for, soonest first; of a cancelled event what has gone."""
    rows = {row.kind: row for row in reminders_of(event.id)}
    wanted = {} if event.state is EventState.CANCELLED else due_times(event)
    times = {**wanted, **{kind: row.due_at for kind, row in rows.items()}}
    rounds = [_round(event, kind, due_at, rows.get(kind), at) for kind, due_at in times.items()]
    return sorted(rounds, key=lambda one: one.at)


def _round(event: Event, kind: ReminderKind, due_at: datetime, row: Reminder | None, at: datetime) -> Round:
    if row is None:
        is_to_come = event.state is EventState.DRAFT and due_at > at
        return Round(kind, RoundFate.PLANNED if is_to_come else RoundFate.PASSED, due_at)
    if row.finished_at is not None:
        too_late = not row.posted and row.finished_at >= of_use_until(event, kind)
        return Round(kind, RoundFate.TOO_LATE if too_late else RoundFate.SENT, row.finished_at, row.posted)
    if due_at <= at and waits_for_attendance(event, kind, at):
        return Round(kind, RoundFate.WAITS, of_use_until(event, kind))
    return Round(kind, RoundFate.PLANNED, due_at, _reach(row))


def _reach(row: Reminder) -> int | None:
    """Who comes, and who does not answer an invitation, is not known beforehand."""
    return None if row.kind in (ReminderKind.AFTER, ReminderKind.SILENT) else people_meant(row)
