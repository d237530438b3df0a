"""Words in Swedish that pages across all slices use: the audit trail's, and names of letters.

A slice adds those of its own: `ACTS.update({...})`.
"""

from __future__ import annotations

from typing import Any

ACTS = {
    "account.signed_in": "Loggade in",
    "account.locked": "Spärrade inloggning efter fel lösenord",
    "account.signed_out_everywhere": "Loggade ut överallt",
    "account.invited": "Bjöd in till konto",
    "account.reset_requested": "Bad om nytt lösenord",
    "account.password_set": "Valde lösenord",
    "account.renamed": "Bytte namn på konto",
    "account.role_changed": "Ändrade roll",
    "account.closed": "Stängde konto",
    "identity.changed": "Ändrade utseende",
}
THINGS = {"account": "Konto", "identity": "Utseende"}
LETTER_NAMES = {"staff.invitation": "Inbjudan till konto", "staff.password_reset": "Nytt lösenord"}


def describe_act(action: str) -> str:
    """The act as a Swede says it; the word itself when nobody has named it."""
    return ACTS.get(action, action)


def describe_thing(subject: str) -> str:
    """`account:3` as `Konto 3`."""
    kind, _, number = subject.partition(":")
    return f"{THINGS.get(kind, kind)} {number}".strip()


def describe_detail(detail: dict[str, Any]) -> str:
    """The detail on one line: `was: host, became: editor`."""
    return ", ".join(f"{name}: {_plain(value)}" for name, value in detail.items())


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
