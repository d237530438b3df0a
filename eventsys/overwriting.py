"""Two editors of the same: a form carries what its page showed, so that nobody undoes unseen what others saved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from eventsys.errors import Refused


class ChangedMeanwhile(Refused):
    """Somebody else has changed the same since the page was opened; `saved` is what stands there now, by column."""

    def __init__(self, saved: dict[str, Any]) -> None:
        super().__init__("Någon annan har ändrat samma sak sedan du öppnade sidan.")
        self.saved = saved


def mark_of(values: Mapping[str, Any]) -> str:
    """What a page showed of these columns, short, for its form to carry."""
    written = json.dumps(dict(values), sort_keys=True, default=str)
    return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:16]


def refuse_overwriting(saved: Mapping[str, Any], written: Mapping[str, Any], seen: str) -> None:
    """Raises ChangedMeanwhile unless what is saved is what the page showed (`seen`), or what is written already."""
    differs = {name: value for name, value in saved.items() if written[name] != value}
    if differs and seen != mark_of(saved):
        raise ChangedMeanwhile(differs)
