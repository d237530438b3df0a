"""What two editors have written in the same place, in words for the one who came second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eventsys.i18n import day, moment
from eventsys.newsletters import words
from eventsys.newsletters.issues.models import ArticleState
from eventsys.newsletters.issues.queries import names_of
from eventsys.newsletters.issues.sanitising import as_text

_LONGEST = 400


@dataclass(frozen=True)
class Conflict:
    """One field: what somebody else saved meanwhile, and what this editor wrote."""

    label: str
    saved: str
    written: str


def conflicts_in(labels: Mapping[str, str], saved: Mapping[str, Any], written: Mapping[str, Any]) -> list[Conflict]:
    """`saved` are columns by name, as ChangedMeanwhile holds them; `written` has the same columns and more."""
    return [Conflict(labels[name], _shown(name, value), _shown(name, written[name])) for name, value in saved.items()]


def _shown(name: str, value: Any) -> str:
    text = _in_words(name, value)
    return f"{text[:_LONGEST]} …" if len(text) > _LONGEST else text


def _in_words(name: str, value: Any) -> str:
    if value in (None, ""):
        return "(tomt)"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, ArticleState):
        return words.ARTICLES[value][1]
    if name == "owner_id":
        return names_of([value]).get(value, "(borttaget konto)")
    if name == "event_id":
        return "Ett annat evenemang"
    return as_text(value) if name == "body" else str(value)
