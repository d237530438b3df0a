"""Two editors of one event: each saves what they changed, and nobody undoes what somebody else saved unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from eventsys.errors import Refused
from eventsys.events.models import Event
from eventsys.events.planning import Edited, edit_event
from eventsys.events.seats import locked_event

# They only make sense together, so they are saved and refused together.
TIMES = frozenset({"starts_at", "ends_at", "opens_at", "closes_at"})


class ChangedMeanwhile(Refused):
    """Somebody else has changed the same since the page was opened; `saved` is what the event says now, by column."""

    def __init__(self, saved: dict[str, Any]) -> None:
        super().__init__("Någon annan har ändrat samma sak sedan du öppnade sidan.")
        self.saved = saved


def marks_of(event: Event, names: Collection[str]) -> str:
    """What a page showed of these columns, short, for its form to carry: `title=1f3a... place=...`."""
    return " ".join(f"{name}={_mark(getattr(event, name))}" for name in sorted(names))


def with_marks_anew(marks: str, event: Event, names: Collection[str]) -> str:
    """The marks of a page that has now shown what these columns hold."""
    return _joined({**_split(marks), **_split(marks_of(event, names))})


def edit_what_was_changed(event_id: int, values: dict[str, Any], marks: str, at: datetime) -> Edited:
    """Save those of the values that differ from what the page showed; `marks` as from `marks_of`, "" saves all.

    Raises ChangedMeanwhile when somebody else has changed one of them to something else, and what edit_event raises.
    Flushes, does not commit.
    """
    event = locked_event(event_id)
    changed = changed_here(values, marks)
    seen, saved = _split(marks), {name: getattr(event, name) for name in changed}
    meanwhile = [name for name in changed if name in seen and _mark(saved[name]) != seen[name]]
    if conflicts := [name for name in meanwhile if saved[name] != changed[name]]:
        raise ChangedMeanwhile({name: saved[name] for name in conflicts})
    return edit_event(event_id, changed, at)


def changed_here(values: Mapping[str, Any], marks: str) -> dict[str, Any]:
    """Those of the values that differ from what the page showed."""
    seen = _split(marks)
    names = {name for name, value in values.items() if _mark(value) != seen.get(name)}
    if names & TIMES:
        names |= TIMES
    return {name: value for name, value in values.items() if name in names}


def _mark(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat()
    return hashlib.sha256(str(value).encode()).hexdigest()[:12]


def _split(marks: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in marks.split())
    return {name: mark for name, _, mark in pairs}


def _joined(marks: Mapping[str, str]) -> str:
    return " ".join(f"{name}={mark}" for name, mark in marks.items())
