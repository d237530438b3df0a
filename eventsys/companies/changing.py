"""Two colleagues at one page: each saves what they changed, and nobody undoes unseen what somebody else saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from eventsys.errors import Refused


class ChangedMeanwhile(Refused):
    """Somebody else has changed the same since the page was opened; `saved` is what stands there now, by field."""

    def __init__(self, saved: dict[str, Any]) -> None:
        super().__init__("Någon annan har ändrat samma sak sedan du öppnade sidan.")
        self.saved = saved


def marks_of(values: Mapping[str, Any]) -> str:
    """What a page shows of these fields, short, for its form to carry: `name=1f3a... place=...`."""
    return " ".join(f"{name}={_mark(value)}" for name, value in sorted(values.items()))


def marks_anew(seen: str, saved: Mapping[str, Any]) -> str:
    """The marks of a page that has now shown what these fields hold; the others are as it showed them first."""
    marks = {**_split(seen), **_split(marks_of(saved))}
    return " ".join(f"{name}={mark}" for name, mark in sorted(marks.items()))


def changed_here(saved: Mapping[str, Any], written: Mapping[str, Any], seen: str) -> dict[str, Any]:
    """Those of the written values that differ from what the page showed (`seen`, from marks_of) and what is saved.

    Raises ChangedMeanwhile when somebody else has changed one of them to something else.
    """
    marks = _split(seen)
    changed = {name: value for name, value in written.items() if _mark(value) != marks.get(name)}
    differs = {name: saved[name] for name, value in changed.items() if saved[name] != value}
    conflicts = {name: value for name, value in differs.items() if name in marks and _mark(value) != marks[name]}
    if conflicts:
        raise ChangedMeanwhile(conflicts)
    return {name: changed[name] for name in differs}


def _split(marks: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in marks.split())
    return {name: mark for name, _, mark in pairs}


def _mark(value: Any) -> str:
    return hashlib.sha256(str(value).encode("utf-8", "replace")).hexdigest()[:12]
