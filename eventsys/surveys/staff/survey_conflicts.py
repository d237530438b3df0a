"""What two editors have written in the same place, in words for the one who came second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventsys.i18n import moment
from eventsys.surveys.models import Asked, QuestionKind
from eventsys.surveys.words import ASKED, KINDS

_LABELS = {
    "kind": "Typ", "asked": "Ställs till", "text": "Fråga", "text_en": "Frågan på engelska", "low": "1 betyder",
    "low_en": "1 betyder, på engelska", "high": "10 betyder", "high_en": "10 betyder, på engelska",
    "options": "Svarsalternativ", "is_required": "Måste besvaras", "session_id": "Pass", "intro": "Inledning",
    "intro_en": "Inledning på engelska", "thanks": "Tack", "thanks_en": "Tack på engelska", "opens_at": "Öppnar",
    "closes_at": "Stänger", "reminder_days": "Påminnelser", "asks_no_shows": "Fråga dem som uteblev",
    "is_automatic": "Enkät av sig själv",
}  # fmt: skip


@dataclass(frozen=True)
class Conflict:
    """One field: what somebody else saved meanwhile, and what this editor wrote."""

    label: str
    saved: str
    written: str


def conflicts_in(saved: Mapping[str, Any], written: Mapping[str, Any]) -> list[Conflict]:
    """`saved` are columns by name, as ChangedMeanwhile holds them; what was not written was not in the form."""
    return [
        Conflict(_LABELS[name], _shown(name, value), _shown(name, written[name]))
        for name, value in saved.items()
        if name in written
    ]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, QuestionKind):
        return KINDS[value]
    if isinstance(value, Asked):
        return ASKED[value]
    if name == "session_id":
        return "Ett pass" if value else "Alla pass"
    if isinstance(value, list):
        return ", ".join(one["sv"] if isinstance(one, dict) else str(one) for one in value) or "(tomt)"
    return str(value) if value else "(tomt)"
