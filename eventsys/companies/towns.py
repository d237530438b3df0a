"""Where the companies of the register are: the places that most of them have."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from eventsys.companies.models import Company
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.folding import fold

MOST_TOWNS = 24


def towns() -> list[str]:
    """The places of companies in use, those with most companies first, at most MOST_TOWNS; one query.

    `BORÅS` and `Borås` are one place, in the spelling that is used most; small letters are preferred among equals.
    """
    number = func.count()
    rows = db.session.execute(
        select(Company.place, number).where(in_use(), Company.place != "").group_by(Company.place)
    )
    spellings: dict[str, Counter[str]] = {}
    for place, companies in rows:
        spellings.setdefault(fold(place), Counter())[place] += companies
    largest = sorted(spellings.items(), key=lambda one: (-one[1].total(), one[0]))
    return [max(found, key=lambda one: (found[one], one)) for _, found in largest[:MOST_TOWNS]]
