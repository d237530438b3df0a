"""The register of companies in the demonstration: thousands, all invented, put in at once.

Names are put together from parts and say Exempel; numbers are of a series that is not given out; addresses end in
.example. Most can be written to. Some refuse advertising, some share their accountant's address, some have no e-mail.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from stdnum import luhn

from eventsys.companies.models import Company, Contact
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


def fill_register(luck: random.Random, at: datetime) -> list[Place]:
    """Put the companies in; the contacts of those that may be written to. Flushes, does not commit."""
    names = _names(luck)
    total = REACHED + REFUSING + SHARED + WITHOUT_EMAIL + DOUBTFUL
    companies = [_company(n, name, luck, at) for n, name in enumerate(itertools.islice(names, total))]
    ids = db.session.scalars(insert(Company).returning(Company.id, sort_by_parameter_order=True), companies).all()
    companies = [{**one, "id": company_id} for one, company_id in zip(companies, ids, strict=True)]
    several = iter(companies)
    reached = [_contact(one, f"info@{_domain(one['name'])}", at) for one in itertools.islice(several, REACHED)]
    refusing = list(itertools.islice(several, REFUSING))
    others = [_contact(one, f"info@{_domain(one['name'])}", at) for one in refusing]
    others += [
        _contact(one, reached[n % _BUREAUS]["email"], at) for n, one in enumerate(itertools.islice(several, SHARED))
    ]
    others += [_contact(one, f"info.{slug(one['name'])}", at) for one in itertools.islice(several, DOUBTFUL)]
    db.session.execute(insert(Contact), reached + others)
    refusing_ids = [one["id"] for one in refusing]
    db.session.execute(update(Company).where(Company.id.in_(refusing_ids)).values(refuses_advertising=True))
    known = {one["id"]: one["name"] for one in companies}
    return [Place(one["company_id"], known[one["company_id"]], one["email"]) for one in reached]


def _names(luck: random.Random) -> Iterator[str]:
    parts = [f"{a}{b} {trade} Exempel AB" for a, b, trade in itertools.product(_FIRST, _SECOND, _TRADES)]
    luck.shuffle(parts)
    return iter(parts)


def _company(number: int, name: str, luck: random.Random, at: datetime) -> dict[str, Any]:
    postcode, place, _ = luck.choices(_PLACES, [share for *_, share in _PLACES])[0]
    return {
        "name": name, "number": _number(number), "care_of": "",
        "street": f"{luck.choice(_STREETS)} {luck.randint(1, 90)}", "postcode": postcode, "place": place,
        "refuses_advertising": False, "created_at": at,
    }  # fmt: skip


def _number(number: int) -> str:
    digits = f"553{_NUMBERS_FROM + number:06d}"
    return f"{digits}{luhn.calc_check_digit(digits)}"


def _domain(name: str) -> str:
    return f"{slug(name.removesuffix(' AB'))}.example"


def _contact(company: dict[str, Any], email: str, at: datetime) -> dict[str, Any]:
    return {
        "company_id": company["id"], "name": "", "email": email, "email_key": email.lower(), "created_at": at
    }  # fmt: skip
