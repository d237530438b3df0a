"""The register of companies in the demonstration: thousands, all invented, put in at once.

Names are put together from parts and say Exempel; numbers are of a series that is not given out; addresses end in
.example. Most can be written to. Some refuse advertising, some share their accountant's address, some have no e-mail.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from stdnum import luhn

from eventsys.companies.models import Company, CompanySni, Contact, Origin
from eventsys.database import db
from eventsys.names import slug

_FIRST = (
    "Björk", "Lind", "Ek", "Alm", "Ask", "Gran", "Tall", "Sten", "Berg", "Skog", "Sjö", "Ås", "Sol", "Vind", "Norr",
    "Söder", "Väster", "Öster", "Ny", "Mark", "Dal", "Äng", "Bäck", "Hassel", "Rönn", "Sälg", "Häll", "Kvarn",
)  # fmt: skip
_SECOND = (
    "varp", "väv", "garn", "spole", "nystan", "tråd", "söm", "fåll", "knut", "flock", "håla", "vinda", "löpa", "kypert",
    "rosen", "stuga", "krok", "torp", "slätt", "udde", "brink", "hage", "gärde", "vret",
)  # fmt: skip
_TRADES = (
    "Bygg", "El", "Rör", "Måleri", "Åkeri", "Städ", "Redovisning", "Konsult", "Tryckeri", "Textil", "Snickeri", "Plåt",
    "Fastigheter", "Livs",
)  # fmt: skip
_STREETS = ("Exempelgatan", "Låtsasvägen", "Påhittsgränd", "Sagostigen", "Fiktiva gatan", "Provgatan", "Tänkta allén")
# Places around Borås with how many of a hundred companies are there.
_PLACES = (
    ("50330", "Borås", 26), ("50431", "Borås", 22), ("50630", "Borås", 18), ("50730", "Brämhult", 8),
    ("51334", "Fristad", 7), ("51830", "Sandared", 6), ("51530", "Viskafors", 5), ("51634", "Dalsjöfors", 5),
    ("51833", "Sandhult", 2), ("50771", "Gånghester", 1),
)  # fmt: skip
_SIZES, _SHARES = (None, 0, 2, 6, 14, 35, 120), (15, 30, 25, 15, 8, 5, 2)
# Codes of 2007 and of 2025.
_BRANCHES = {
    "Bygg": ("41200", "41000"), "El": ("43210", "43210"), "Rör": ("43221", "43221"), "Måleri": ("43341", "43340"),
    "Åkeri": ("49410", "49410"), "Städ": ("81210", "81210"), "Redovisning": ("69201", "69200"),
    "Konsult": ("70220", "70200"), "Tryckeri": ("18122", "18120"), "Textil": ("13922", "13920"),
    "Snickeri": ("43320", "43320"), "Plåt": ("25110", "25110"), "Fastigheter": ("68204", "68200"),
    "Livs": ("47112", "47110"),
}  # fmt: skip
SHARE_WITH_NEW_CODE = 0.2
_NUMBERS_FROM = 400_000  # the others begin with 553 2 and 553 3

REACHED = 7_000
"""Addresses of companies that may be written to."""
REFUSING, SHARED, WITHOUT_EMAIL, DOUBTFUL = 140, 60, 900, 12
_BUREAUS = 9  # accountants whose address stands at several companies


@dataclass(frozen=True)
class Place:
    """A contact of a company, for somebody to be."""

    company_id: int
    company: str
    address: str


@dataclass(frozen=True)
class Filled:
    """The contacts of companies that may be written to, and names that no company has yet."""

    places: list[Place]
    spare_names: Iterator[str]


def fill_register(luck: random.Random, at: datetime) -> Filled:
    """Put the companies in, with their branches. Flushes, does not commit."""
    names = _names(luck)
    total = REACHED + REFUSING + SHARED + WITHOUT_EMAIL + DOUBTFUL
    companies = keep_companies(
        [new_company(n, name, luck, at, _long_ago(luck, at)) for n, name in enumerate(itertools.islice(names, total))],
        luck,
    )
    several = iter(companies)
    reached = [contact(one, address_of(one["name"]), at) for one in itertools.islice(several, REACHED)]
    refusing = list(itertools.islice(several, REFUSING))
    others = [contact(one, address_of(one["name"]), at) for one in refusing]
    others += [
        contact(one, reached[n % _BUREAUS]["email"], at) for n, one in enumerate(itertools.islice(several, SHARED))
    ]
    others += [contact(one, f"info.{slug(one['name'])}", at) for one in itertools.islice(several, DOUBTFUL)]
    db.session.execute(insert(Contact), reached + others)
    refusing_ids = [one["id"] for one in refusing]
    db.session.execute(update(Company).where(Company.id.in_(refusing_ids)).values(refuses_advertising=True))
    known = {one["id"]: one["name"] for one in companies}
    return Filled([Place(one["company_id"], known[one["company_id"]], one["email"]) for one in reached], names)


def keep_companies(companies: list[dict[str, Any]], luck: random.Random) -> list[dict[str, Any]]:
    """Put companies in, with branches that fit their names; the same with their ids."""
    ids = db.session.scalars(insert(Company).returning(Company.id, sort_by_parameter_order=True), companies).all()
    kept = [{**one, "id": company_id} for one, company_id in zip(companies, ids, strict=True)]
    db.session.execute(insert(CompanySni), [code for one in kept for code in codes_of(one["id"], one["name"], luck)])
    return kept


def _names(luck: random.Random) -> Iterator[str]:
    parts = [f"{a}{b} {trade} Exempel AB" for a, b, trade in itertools.product(_FIRST, _SECOND, _TRADES)]
    luck.shuffle(parts)
    return iter(parts)


def _long_ago(luck: random.Random, at: datetime) -> date:
    return (at - timedelta(days=luck.randint(900, 9000))).date()


def new_company(
    number: int, name: str, luck: random.Random, at: datetime, registered_on: date
) -> dict[str, Any]:  # fmt: skip
    """A row of a limited company somewhere around Borås; its number follows from its place in the series."""
    return {
        "name": name, "number": _number(number), "care_of": "", **address(luck), "refuses_advertising": False,
        "legal_form": "Aktiebolag", "employees": luck.choices(_SIZES, _SHARES)[0], "registered_on": registered_on,
        "origin": Origin.BOLAGSVERKET, "created_at": at,
    }  # fmt: skip


def address(luck: random.Random) -> dict[str, str]:
    """A street with its postcode and place."""
    postcode, place, _ = luck.choices(_PLACES, [share for *_, share in _PLACES])[0]
    return {"street": f"{luck.choice(_STREETS)} {luck.randint(1, 90)}", "postcode": postcode, "place": place}


def postcodes() -> list[tuple[str, str]]:
    """Where our companies are: each postcode with its place."""
    return sorted({(postcode, place) for postcode, place, _ in _PLACES})


def codes_of(company_id: int, name: str, luck: random.Random) -> list[dict[str, Any]]:
    """The branch that stands in the name; one in five has been given its code of 2025 already."""
    codes = next((code for trade, code in _BRANCHES.items() if f" {trade} " in f" {name} "), ("70200", "70200"))
    version, code = ("2025", codes[1]) if luck.random() < SHARE_WITH_NEW_CODE else ("2007", codes[0])
    return [{"company_id": company_id, "version": version, "code": code, "position": 0}]


def _number(number: int) -> str:
    digits = f"553{_NUMBERS_FROM + number:06d}"
    return f"{digits}{luhn.calc_check_digit(digits)}"


def address_of(name: str) -> str:
    """Where the company of this name is written to."""
    return f"info@{slug(name.removesuffix(' AB'))}.example"


def contact(company: dict[str, Any], email: str, at: datetime) -> dict[str, Any]:
    """An address for all, attached to what its people have done."""
    return {
        "company_id": company["id"], "name": "", "email": email, "email_key": email.lower(), "created_at": at,
        "attached_at": at,
    }  # fmt: skip
