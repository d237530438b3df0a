"""The words that people agree to. A consent keeps the version it was given under (statements.py keeps them all)."""

from __future__ import annotations

from eventsys.errors import NotFound
from eventsys.statements import StatementKind, in_force, version_called, version_in_force


def consent_version() -> str:
    """The version of the words that people see now."""
    return version_in_force(StatementKind.CONSENT)


def consent_text(version: str, lang: str) -> str:
    """What somebody agreed to, or is about to, in their language; the words of today where no version is known."""
    try:
        return version_called(StatementKind.CONSENT, lang, version).parts["words"]
    except NotFound:
        return in_force(StatementKind.CONSENT, lang).parts["words"]
