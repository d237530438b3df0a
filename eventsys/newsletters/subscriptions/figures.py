"""How many new persons came to the lists in a year: by month, by source, and by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from eventsys.clock import local, midnights
from eventsys.database import db
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.settings import newsletter_settings
from eventsys.newsletters.subscriptions.models import Consent, ConsentAct, Reader, SignUpCode, Way

MONTHS = range(1, 13)


@dataclass(frozen=True)
class NewReader:
    """Somebody who came to us that year; `source` is a key of `NewReaders.sources`."""

    reader_id: int
    name: str
    address: str
    organisation: str
    at: datetime
    month: int
    source: str
    list: str
    """The key of the list that the first consent was for."""
    way: Way
    code: str
    """The name of the QR code, where that was the way."""


@dataclass(frozen=True)
class Source:
    """Where people came from. `code` is the name of a presenter's QR code; else the way says it."""

    key: str
    way: Way
    code: str
    people: int


@dataclass(frozen=True)
class NewReaders:
    """The new persons of a year, and beside them those whom staff imported, who are not counted as new."""

    year: int
    people: Sequence[NewReader]
    imported: int
    goal: int
    sources: Sequence[Source]

    @property
    def total(self) -> int:
        return len(self.people)

    @property
    def by_month(self) -> list[int]:
        """Twelve numbers."""
        counted = Counter(one.month for one in self.people)
        return [counted[month] for month in MONTHS]

    def named(self, month: int = 0, source: str = "") -> list[NewReader]:
        """Those of a month (1 to 12; 0 for all), a source ("" for all), newest first."""
        return [one for one in self.people if month in (0, one.month) and source in ("", one.source)]


def new_readers(year: int) -> NewReaders:
    """Who was new that year, by the Swedish calendar; see `new_between`."""
    rows = _first_consents(date(year, 1, 1), date(year, 12, 31))
    people = _new(rows)
    counted = Counter(one.source for one in people)
    kinds = {one.source: (one.way, one.code) for one in people}
    sources = [Source(key, *kinds[key], people=number) for key, number in counted.most_common()]
    return NewReaders(year, people, len(rows) - len(people), newsletter_settings().goal_new, sources)


def new_between(first: date, last: date) -> list[NewReader]:
    """Who was new from `first` to `last`, both Swedish days included, newest first. One query.

    A new person is a reader whose first consent of all is a given one, counted when it was given. Whoever was imported
    before is not new when choosing something more; whoever leaves and comes back is not new a second time.
    """
    return _new(_first_consents(first, last))


def first_consent_on() -> date | None:
    """The Swedish day of the oldest consent of anybody; None when there is none."""
    oldest = db.session.scalar(select(func.min(Consent.at)))
    return local(oldest).date() if oldest else None


def _first_consents(first: date, last: date) -> Sequence[Any]:
    begins, after = midnights(first, last)
    firsts = select(func.min(Consent.id)).where(Consent.list != COMPANIES, _COMES).group_by(Consent.reader_id)
    query = (
        select(
            Consent.reader_id, Consent.at, Consent.act, Consent.list, Consent.way, Consent.code_id,
            SignUpCode.name.label("code"),
            Reader.name, Reader.address, Reader.organisation,
        )
        .join(Reader, Reader.id == Consent.reader_id)
        .outerjoin(SignUpCode, SignUpCode.id == Consent.code_id)
        .where(Consent.id.in_(firsts), Consent.at >= begins, Consent.at < after)
        .order_by(Consent.at.desc(), Consent.id.desc())
    )  # fmt: skip
    return db.session.execute(query).all()


def _new(rows: Sequence[Any]) -> list[NewReader]:
    return [
        NewReader(
            row.reader_id, row.name, row.address, row.organisation, row.at, local(row.at).month,
            _key(row.way, row.code_id), row.list, row.way, row.code or "",
        )
        for row in rows
        if row.act is ConsentAct.GIVEN
    ]  # fmt: skip


_COMES = Consent.act.in_((ConsentAct.GIVEN, ConsentAct.IMPORTED))


def _key(way: Way, code_id: int | None) -> str:
    return f"kod-{code_id}" if code_id else way.value


def first_year(this_year: int) -> int:
    """The year of the oldest consent; this year when there is none."""
    oldest = first_consent_on()
    return oldest.year if oldest else this_year
