"""Our postcodes: asked once for each line of a bulk file, so quickly; and edited as text, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select

from eventsys import audit
from eventsys.companies.models import Company, Postcode
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.forms import squeeze

MOST = 1000
SHORTEST, WHOLE = 3, 5
_LINE = re.compile(r"(\d[\d ]*)(.*)", re.ASCII)


class BadPostcodes(Refused):
    """The table as it was written cannot be kept; the text says which line and what to do."""


class Ours:
    """Whether a postcode is one of ours, or begins like one."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        self.beginnings = frozenset(one.encode("ascii") for one in beginnings)
        self._lengths = sorted({len(one) for one in self.beginnings})

    def __bool__(self) -> bool:
        return bool(self.beginnings)

    def holds(self, postcode: bytes) -> bool:
        return any(postcode[:length] in self.beginnings for length in self._lengths)


def postcodes_as_text() -> str:
    """The table as it is edited: `503 30 Borås`, one a line."""
    return "\n".join(f"{spaced(row.digits)} {row.place}".strip() for row in our_table())


def our_table() -> Sequence[Postcode]:
    return db.session.scalars(select(Postcode).order_by(Postcode.digits)).all()


def spaced(digits: str) -> str:
    """`50330` as `503 30`; the beginning of postcodes as it is."""
    return f"{digits[:3]} {digits[3:]}" if len(digits) == WHOLE else digits


def companies_at(postcodes: Iterable[str]) -> dict[str, int]:
    """How many companies in use have postcodes that begin so. One query."""
    of_each = dict(
        db.session.execute(
            select(Company.postcode, func.count()).where(in_use(), Company.postcode != "").group_by(Company.postcode)
        ).all()
    )
    return {one: sum(number for code, number in of_each.items() if code.startswith(one)) for one in postcodes}


def keep_postcodes(text: str) -> int:
    """Make the table what the text says; how many postcodes it has now. Raises BadPostcodes. Flushes."""
    wanted = _read(text)
    before = set(db.session.scalars(select(Postcode.digits)))
    db.session.execute(delete(Postcode))
    db.session.add_all(Postcode(digits=digits, place=place) for digits, place in wanted.items())
    db.session.flush()
    added, removed = sorted(wanted.keys() - before), sorted(before - wanted.keys())
    audit.record("company.postcodes_changed", "company:", added=added, removed=removed)
    return len(wanted)


def _read(text: str) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line := squeeze(line):
            digits, place = _read_line(number, line)
            wanted[digits] = place or wanted.get(digits, "")
    if len(wanted) > MOST:
        raise BadPostcodes(
            f"Tabellen har fler än {MOST} rader. Skriv hur postnumren börjar i stället, till exempel 503."
        )
    return wanted


def _read_line(number: int, line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    digits = found[1].replace(" ", "") if found else ""
    if not found or not SHORTEST <= len(digits) <= WHOLE:
        raise BadPostcodes(
            f"Rad {number} börjar inte med ett postnummer. Skriv tre till fem siffror och sedan orten, "
            "till exempel 503 30 Borås."
        )
    return digits, found[2].strip()[:80]
