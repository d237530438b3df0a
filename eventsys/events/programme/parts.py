"""The days of a course: an event whose programme lies on several dates, booked as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from eventsys.clock import local
from eventsys.events.programme.models import Slot


@dataclass(frozen=True)
class Part:
    """One date of a course, from its first slot to its last."""

    number: int  # from 1; 0 when it is taken out of the programme
    slot_id: int  # the first slot ever planned that day: what calendars know the part by
    starts_at: datetime
    ends_at: datetime
    names: tuple[str, ...]
    is_first_planned: bool  # known to calendars as the event itself, which may have had one date when people registered

    @property
    def is_removed(self) -> bool:
        return not self.number


def is_course(slots: Sequence[Slot]) -> bool:
    """Whether a programme lies on several dates."""
    return len({_day(slot) for slot in slots if slot.removed_at is None}) > 1


def parts_of(slots: Sequence[Slot], lang: str = "sv") -> list[Part]:
    """The dates of a programme in order, those taken out of it among them (if `slots` holds such)."""
    days = [list(found) for _, found in groupby(sorted(slots, key=lambda slot: (slot.starts_at, slot.id)), _day)]
    first_planned = min((slot.id for slot in slots), default=0)
    number, parts = 0, []
    for day in days:
        live = [slot for slot in day if slot.removed_at is None]
        number += bool(live)
        parts.append(_part(day, live, number, first_planned, lang))
    return parts


def _part(day: list[Slot], live: list[Slot], number: int, first_planned: int, lang: str) -> Part:
    shown = live or day
    return Part(
        number=number if live else 0,
        slot_id=min(slot.id for slot in day),
        starts_at=min(slot.starts_at for slot in shown),
        ends_at=max(slot.ends_at for slot in shown),
        names=tuple(name for slot in shown if (name := slot.in_language(lang, "name"))),
        is_first_planned=any(slot.id == first_planned for slot in day),
    )


def _day(slot: Slot) -> object:
    return local(slot.starts_at).date()
