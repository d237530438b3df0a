"""Words in Swedish that pages across all slices use: the audit trail's, and names of letters.

A slice adds those of its own: `ACTS.update({...})`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eventsys.database import Base

ACTS = {
    "account.signed_in": "Loggade in",
    "account.locked": "Spärrade inloggning efter fel lösenord",
    "account.second_factor_on": "Slog på inloggning i två steg",
    "account.second_factor_off": "Slog av inloggning i två steg",
    "account.codes_locked": "Spärrade inloggning efter fel kod",
    "account.recovery_codes_made": "Gjorde nya reservkoder",
    "account.recovery_code_used": "Använde en reservkod",
    "account.bound": "Kopplade konto till stadens inloggning",
    "account.unbound": "Kopplade loss konto från stadens inloggning",
    "account.signed_out_everywhere": "Loggade ut överallt",
    "account.invited": "Bjöd in till konto",
    "account.reset_requested": "Bad om nytt lösenord",
    "account.password_set": "Valde lösenord",
    "account.renamed": "Bytte namn på konto",
    "account.role_changed": "Ändrade roll",
    "account.closed": "Stängde konto",
    "identity.changed": "Ändrade utseende",
    "trail.exported": "Tog ut loggen",
    "backup.taken_out": "Tog ut en säkerhetskopia",
    "backup.restored": "Återställde systemet ur en säkerhetskopia",
    "backup.letters_released": "Lät klockan skicka igen efter återställning",
}
THINGS = {"account": "Konto", "identity": "Utseende", "trail": "Loggen", "backup": "Säkerhetskopia"}
LETTER_NAMES = {
    "staff.invitation": "Inbjudan till konto",
    "staff.password_reset": "Nytt lösenord",
    "staff.second_factor_on": "Inloggning i två steg påslagen",
    "staff.second_factor_off": "Inloggning i två steg avslagen",
}


class Group(StrEnum):
    """What sort of act it was; its value stands in the address of the page."""

    SAW = "sag"
    EXPORTED = "tog-ut"
    SENT = "skickade"
    DELETED = "raderade"
    SIGNED_IN = "inloggning"
    CHANGED = "andrade"


GROUPS = {
    Group.CHANGED: "Gjorde eller ändrade",
    Group.SAW: "Såg",
    Group.EXPORTED: "Tog ut",
    Group.SENT: "Skickade",
    Group.DELETED: "Tog bort eller raderade",
    Group.SIGNED_IN: "Inloggning och lösenord",
}
_ENDINGS = {
    Group.SAW: ("seen", "read"),
    Group.EXPORTED: ("exported", "taken_out", "handed_out"),
    Group.SENT: ("sent", "sent_again", "reminded", "tested"),
    Group.DELETED: ("deleted", "removed", "forgotten", "erased", "destroyed"),
    Group.SIGNED_IN: (
        "signed_in",
        "locked",
        "signed_out_everywhere",
        "password_set",
        "reset_requested",
        "factor_on",
        "factor_off",
        "codes_made",
        "code_used",
        "bound",
        "unbound",
    ),
}
_BY_NAME = {"issue.left": Group.SENT}
"""Acts whose last word says something else than what was done."""


def group_of(action: str) -> Group:
    """`reader.exported` is Group.EXPORTED; what is nothing else changed something."""
    if action in _BY_NAME:
        return _BY_NAME[action]
    verb = action.partition(".")[2]
    found = (group for group, endings in _ENDINGS.items() if any(_ends(verb, ending) for ending in endings))
    return next(found, Group.CHANGED)


def _ends(verb: str, ending: str) -> bool:
    return verb == ending or verb.endswith(f"_{ending}")


# --- where a thing is shown ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The staff page of a thing: the endpoint, its argument, and the table that says whether the thing is there.

    `column` of the table is what the argument takes.
    """

    endpoint: str
    argument: str
    kind: type[Base]
    column: str = "id"


PLACES: dict[str, Place] = {}
"""By the kind in the trail's subject. A slice adds its own: `PLACES.update({...})`."""


# --- words --------------------------------------------------------------------------------------------------------


def describe_act(action: str) -> str:
    """The act as a Swede says it; the word itself when nobody has named it."""
    return ACTS.get(action, action)


def describe_thing(subject: str) -> str:
    """`account:3` as `Konto 3`."""
    kind, _, number = subject.partition(":")
    return f"{THINGS.get(kind, kind)} {number}".strip()


DETAILS = {
    "rows": "rader", "letters": "brev", "fields": "fält", "kind": "slag", "companies": "företag", "people": "personer",
    "attendee": "deltagare", "year": "år", "half": "halvår", "lists": "listor", "list": "lista", "what": "vad",
    "to": "till", "slot": "tid", "session": "pass", "sessions": "pass", "question": "fråga", "file": "fil",
    "door": "dörr", "added": "tillagda", "changed": "ändrade", "removed": "borttagna", "moved": "flyttade",
    "was": "var", "became": "blev", "merged": "sammanslaget", "issue": "nummer", "goal": "mål", "goals": "mål",
    "event": "evenemang", "events": "evenemang", "series": "serie", "role": "roll", "masked": "maskerade",
    "light": "bedömning", "left_out": "utelämnade", "lang": "språk", "filter": "urval", "done": "klara", "day": "dag",
    "comments": "kommentarer", "category": "kategori", "categories": "kategorier", "came": "kom", "at": "när",
    "audience": "mottagare", "absent": "uteblev", "no_shows": "uteblivna", "number": "antal", "unit": "enhet",
    "reference": "beslut", "reason": "orsak", "wish": "begäran", "points": "punkter", "picture": "bild",
    "seeds": "provmottagare", "made_at": "kopia från", "mailings": "utskick",
}  # fmt: skip
"""What the names in an entry's detail are called; one that is not here is shown as it is."""


def describe_detail(detail: dict[str, Any]) -> str:
    """The detail on one line: `var: host, blev: editor`."""
    return ", ".join(f"{DETAILS.get(name, name)}: {_plain(value)}" for name, value in detail.items())


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
