"""What a line of any file says about one company, in the register's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from eventsys.companies.models import Verdict

# Why a line is passed over; words in companies/words.py.
SOLE_TRADER, ELSEWHERE, REPEATED, FOREIGN = "sole_trader", "elsewhere", "repeated", "foreign"
DEREGISTERED, IN_PROCEDURE, JOINED = "deregistered", "procedure", "joined"

ADDRESS = ("care_of", "street", "postcode", "place")
DATES = ("registered_on", "deregistered_on")
LONGEST: Mapping[str, int] = {
    "name": 200, "legal_form": 60, "care_of": 120, "street": 120, "postcode": 5, "place": 80, "website": 200,
    "procedure": 80,
}  # fmt: skip


@dataclass(slots=True)
class Person:
    """Somebody at the company, or an address for all, as `Contact` holds them."""

    name: str = ""
    role: str = ""
    email: str = ""
    email_key: str | None = None
    phone: str = ""
    phone_e164: str = ""


@dataclass(slots=True)
class Record:
    """One company of a file. `told` is what the file knows of Company's columns; what is not there is left alone."""

    line: int
    name: str
    number: str | None = None
    told: dict[str, Any] = field(default_factory=dict)
    codes: list[str] | None = None
    """SNI codes in their order; None when the file has none at all."""
    sni: str = "2007"
    people: list[Person] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    fault: str = ""
    """What is wrong with it, in Swedish; then it is not taken in."""
    is_ours: bool = True
    """Its postcode is one of ours, or the list is our own."""


@dataclass(slots=True)
class Aside:
    """A line that gives no record of its own, and that the report tells about: nothing of what it says is kept."""

    line: int
    verdict: Verdict
    remark: str
    reason: str = ""
    name: str = ""


Item = str | Record | Aside
"""What a file gives line by line; a plain text is the reason why a line is passed over."""


def as_row(record: Record) -> dict[str, Any]:
    """The record as JSON holds it, in `ImportLine.record`."""
    row = {name: getattr(record, name) for name in Record.__slots__}
    row["people"] = [asdict(person) for person in record.people]
    row["told"] = {name: value.isoformat() if isinstance(value, date) else value for name, value in record.told.items()}
    return row


def from_row(row: Mapping[str, Any]) -> Record:
    """The record that `as_row` wrote."""
    record = Record(**{**row, "people": [Person(**one) for one in row["people"]], "told": dict(row["told"])})
    for name in DATES:
        if record.told.get(name):
            record.told[name] = date.fromisoformat(record.told[name])
    return record
