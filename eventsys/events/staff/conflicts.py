"""What two editors have written in the same place, in words for the one who came second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventsys.events.models import DayBefore
from eventsys.events.staff.forms import TextsForm
from eventsys.i18n import moment

_LABELS = {"starts_at": "Börjar", "ends_at": "Slutar"}
_DAY_BEFORE = {
    DayBefore.NOTHING: "Ingenting",
    DayBefore.REMIND: "En påminnelse",
    DayBefore.ASK: "Fråga om de kommer",
}


@dataclass(frozen=True)
class Conflict:
    """One field: what somebody else saved meanwhile, and what this editor wrote."""

    label: str
    saved: str
    written: str


def conflicts_in(form: TextsForm, saved: Mapping[str, Any]) -> list[Conflict]:
    """`saved` are columns of Event by name, as ChangedMeanwhile holds them."""
    written = form.values()
    return [
        Conflict(_LABELS.get(name) or form[name].label.text, _shown(value), _shown(written[name]))
        for name, value in saved.items()
    ]


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, DayBefore):
        return _DAY_BEFORE[value]
    return "(tomt)" if value in (None, "") else str(value)
