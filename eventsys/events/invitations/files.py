"""Guests from a file: which column holds what, and line by line what is new, double or wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from sqlalchemy import select

from eventsys.companies.numbers import BadNumber, PersonalNumber, organisation_number
from eventsys.database import db
from eventsys.events.invitations.inviting import Guest
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.forms import LONGEST_EMAIL, normal_email, squeeze
from eventsys.tabular import Table


class Column(StrEnum):
    """What a column may hold."""

    EMAIL = "epost"
    NAME = "namn"
    FIRST = "fornamn"
    LAST = "efternamn"
    COMPANY = "foretag"
    NUMBER = "nummer"
    PHONE = "telefon"
    LANGUAGE = "sprak"


# Names of columns as people write them, in small letters and without anything but letters.
_KNOWN: dict[str, Column] = {
    **dict.fromkeys(("epost", "epostadress", "email", "emailadress", "mail", "mejl", "mailadress"), Column.EMAIL),
    **dict.fromkeys(("namn", "name", "kontakt", "kontaktperson", "deltagare", "person"), Column.NAME),
    **dict.fromkeys(("förnamn", "firstname", "tilltalsnamn"), Column.FIRST),
    **dict.fromkeys(("efternamn", "lastname", "surname"), Column.LAST),
    **dict.fromkeys(
        ("företag", "företagsnamn", "organisation", "bolag", "company", "förening", "arbetsgivare"), Column.COMPANY
    ),
    **dict.fromkeys(
        ("organisationsnummer", "orgnr", "orgnummer", "organisationsnr", "organisationnumber"), Column.NUMBER
    ),
    **dict.fromkeys(("telefon", "telefonnummer", "mobil", "mobilnummer", "tel", "phone", "mobiltelefon"), Column.PHONE),
    **dict.fromkeys(("språk", "language", "lang"), Column.LANGUAGE),
}

Where = dict[Column, int]


class Verdict(StrEnum):
    NEW = "ny"
    DOUBLE = "finns"
    WRONG = "fel"


@dataclass(frozen=True)
class Line:
    """One line of the file; `guest` is None when it is wrong. `remark` says why, or what is left out."""

    number: int
    verdict: Verdict
    shown: str
    guest: Guest | None = None
    remark: str = ""


def has_heading(table: Table) -> bool:
    """Whether the first row names columns: one that we know, and no address."""
    return any(_known(cell) for cell in table[0]) and not any("@" in cell for cell in table[0])


def guessed(table: Table) -> Where:
    """Which column holds what, by the names in the first row; without names, an address tells itself."""
    found: Where = {}
    for number, cell in enumerate(table[0]):
        if (column := _known(cell)) is not None and column not in found:
            found[column] = number
    if Column.EMAIL not in found:
        address = next((n for row in table[:5] for n, cell in enumerate(row) if "@" in cell), None)
        if address is not None:
            found[Column.EMAIL] = address
    return found


def _known(cell: str) -> Column | None:
    return _KNOWN.get("".join(character for character in cell.lower() if character.isalpha()))


def judged(rows: Table, where: Mapping[Column, int], event_id: int, first_line: int = 1) -> list[Line]:
    """Each line as it would be added to the event's guest list; nothing is changed. `first_line` is that of rows[0]."""
    seen = set(_listed(event_id))
    lines = []
    for number, row in enumerate(rows, start=first_line):
        line = _judged(number, _Cells(row, where), seen)
        if line.guest is not None:
            seen.add(line.guest.email_key)
        lines.append(line)
    return lines


def _listed(event_id: int) -> Iterable[str]:
    off = (InvitationState.WITHDRAWN, InvitationState.REFUSED, InvitationState.REQUESTED)
    query = select(Invitation.email_key).where(Invitation.event_id == event_id, Invitation.state.not_in(off))
    return db.session.execute(query).scalars()


class _Cells:
    """One row, asked by what its columns hold."""

    def __init__(self, row: Sequence[str], where: Mapping[Column, int]) -> None:
        self.row, self.where = row, where

    def __getitem__(self, column: Column) -> str:
        place = self.where.get(column, -1)
        return squeeze(self.row[place]) if 0 <= place < len(self.row) else ""

    @property
    def name(self) -> str:
        whole = f"{self[Column.FIRST]} {self[Column.LAST]}".strip()
        return (self[Column.NAME] or whole)[:120]


def _judged(number: int, cells: _Cells, seen: Collection[str]) -> Line:
    email, shown = cells[Column.EMAIL], cells.name or cells[Column.COMPANY] or cells[Column.EMAIL]
    if not email:
        return Line(number, Verdict.WRONG, shown, remark="Raden har ingen e-postadress.")
    try:
        key = normal_email(email)
    except ValueError:
        return Line(number, Verdict.WRONG, shown, remark=f"”{email[:80]}” är ingen e-postadress.")
    if len(email) > LONGEST_EMAIL:
        return Line(number, Verdict.WRONG, shown, remark="E-postadressen är för lång.")
    if cells.name.startswith(("=", "@")):
        return Line(number, Verdict.WRONG, shown, remark="Namnet är en formel. Skriv det som text.")
    company_number, remark = _number(cells[Column.NUMBER])
    guest = Guest(
        email, key, cells.name, cells[Column.COMPANY][:200], company_number, _phone(cells[Column.PHONE]),
        _language(cells[Column.LANGUAGE]),
    )  # fmt: skip
    if key in seen:
        return Line(number, Verdict.DOUBLE, shown, guest, "Adressen finns redan på listan eller tidigare i filen.")
    return Line(number, Verdict.NEW, shown, guest, remark)


def _number(text: str) -> tuple[str | None, str]:
    if not text:
        return None, ""
    try:
        return organisation_number(text), ""
    except PersonalNumber:
        return None, "Numret är ett personnummer och sparas inte."
    except BadNumber:
        return None, "Organisationsnumret stämmer inte och tas inte med."


def _phone(text: str) -> str:
    """The number as written, or nothing where no number could be read."""
    try:
        phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        return ""
    return text[:40]


def _language(text: str) -> str:
    return "en" if text.lower() in {"en", "eng", "engelska", "english"} else "sv"
