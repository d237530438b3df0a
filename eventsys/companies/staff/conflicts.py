"""What two colleagues have written in the same place, in words for the one who came second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from eventsys.companies.models import CompanyKind, VisitForm
from eventsys.companies.numbers import as_code
from eventsys.companies.words import KINDS, VISIT_FORMS
from eventsys.i18n import day

_LONGEST = 400


@dataclass(frozen=True)
class Conflict:
    """One field: what somebody else saved meanwhile, and what this colleague wrote."""

    label: str
    saved: str
    written: str


def in_words(value: Any) -> str:
    """A field's value as a Swede reads it."""
    text = _in_words(value)
    return f"{text[:_LONGEST]} …" if len(text) > _LONGEST else text


def _in_words(value: Any) -> str:
    if value in (None, "", ()):
        return "(tomt)"
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, CompanyKind):
        return KINDS[value]
    if isinstance(value, VisitForm):
        return VISIT_FORMS[value]
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return ", ".join(f"{as_code(code)} ({version})" for version, code in value)
    return str(value)
