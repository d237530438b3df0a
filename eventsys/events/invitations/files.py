"""Guests from a file: line by line what is new, double or wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from sqlalchemy import select

from eventsys.columns import Cells, Column
from eventsys.companies.numbers import BadNumber, PersonalNumber, organisation_number
from eventsys.database import db
from eventsys.events.invitations.inviting import Guest
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.tabular import Table


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


def judged(rows: Table, where: Mapping[Column, int], event_id: int, first_line: int = 1) -> list[Line]:
    """Each line as it would be added to the event's guest list; nothing is changed. `first_line` is that of rows[0]."""
    seen = set(_listed(event_id))
    lines = []
    for number, row in enumerate(rows, start=first_line):
        line = _judged(number, Cells(row, where), seen)
        if line.guest is not None:
            seen.add(line.guest.email_key)
        lines.append(line)
    return lines


def _listed(event_id: int) -> Iterable[str]:
    off = (InvitationState.WITHDRAWN, InvitationState.REFUSED, InvitationState.REQUESTED)
    query = select(Invitation.email_key).where(Invitation.event_id == event_id, Invitation.state.not_in(off))
    return db.session.execute(query).scalars()


def _judged(number: int, cells: Cells, seen: Collection[str]) -> Line:
    key, fault = cells.address_or_fault()
    if fault:
        return Line(number, Verdict.WRONG, cells.shown, remark=fault)
    company_number, remark = _number(cells[Column.NUMBER])
    guest = Guest(
        cells[Column.EMAIL], key, cells.name, cells[Column.COMPANY][:200], company_number, _phone(cells[Column.PHONE]),
        _language(cells[Column.LANGUAGE]),
    )  # fmt: skip
    if key in seen:
        return Line(
            number, Verdict.DOUBLE, cells.shown, guest, "Adressen finns redan på listan eller tidigare i filen."
        )
    return Line(number, Verdict.NEW, cells.shown, guest, remark)


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
