"""The letters that one can subscribe to, by key: Företagsamt, and invitations to the events of a series."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from eventsys.database import db
from eventsys.events.models import Series

FORETAGSAMT = "foretagsamt"
COMPANIES = "companies"
"""No list, but whom December's issue is for: all companies with an address."""
_OF_SERIES = "serie:"


def series_list(series_id: int) -> str:
    """The key of the list of those who want invitations to a series."""
    return f"{_OF_SERIES}{series_id}"


def series_of(key: str) -> int | None:
    """The series whose invitations a list is about, or None."""
    number = key.removeprefix(_OF_SERIES)
    fits = key.startswith(_OF_SERIES) and number.isascii() and number.isdigit() and len(number) < 10
    return int(number) if fits else None


def list_names(keys: Iterable[str]) -> dict[str, str]:
    """What these lists are called in Swedish, by key; a list of a series that is gone is missing. One query at most."""
    wanted = set(keys)
    names = {FORETAGSAMT: "Företagsamt"} if FORETAGSAMT in wanted else {}
    ids = [number for key in wanted if (number := series_of(key)) is not None]
    if ids:
        rows = db.session.execute(select(Series.id, Series.name).where(Series.id.in_(ids)))
        names |= {series_list(row.id): f"Inbjudningar till {row.name}" for row in rows}
    return names
