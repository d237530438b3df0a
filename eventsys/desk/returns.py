"""Letters that came back, by whose fault it was; and whether so many refuse us that IT must know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from eventsys.database import db
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.models import Delivery

MOST = 50
SINCE = timedelta(days=90)
REFUSALS_LAST = timedelta(days=7)
KEYS = {
    "fel-adress": Kind.ADDRESS_WRONG,
    "fullt": Kind.LATER,
    "nekar-oss": Kind.REFUSED_US,
    "klagomal": Kind.COMPLAINT,
}


class Return(NamedTuple):
    """What came in, and the letter of ours that it answers; None when that cannot be said for certain."""

    incoming: IncomingLetter
    letter: Delivery | None

    @property
    def who(self) -> str:
        if self.letter is not None:
            return self.letter.name or self.letter.address
        return self.incoming.address or "Okänd adress"


@dataclass(frozen=True)
class Refusals:
    """How many servers refused us lately, and what the last one said."""

    number: int
    said: str
    at: datetime


def returns(at: datetime, kind: Kind | None = None) -> list[Return]:
    """The latest letters that came back, newest first, all or those of one class; warnings are none."""
    kinds = [kind] if kind else list(KEYS.values())
    query = (
        select(IncomingLetter, Delivery)
        .outerjoin(Delivery, Delivery.id == IncomingLetter.delivery_id)
        .where(*_counted(at), IncomingLetter.kind.in_(kinds))
        .order_by(IncomingLetter.id.desc())
        .limit(MOST)
    )
    return [Return(*row) for row in db.session.execute(query)]


def numbers(at: datetime) -> dict[Kind, int]:
    """How many of each class came back in the last 90 days."""
    query = select(IncomingLetter.kind, func.count()).where(*_counted(at)).group_by(IncomingLetter.kind)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {kind: found.get(kind, 0) for kind in KEYS.values()}


def _counted(at: datetime) -> Sequence[ColumnElement[bool]]:
    return (IncomingLetter.read_at > at - SINCE, IncomingLetter.is_final.is_(True))


def refusals(at: datetime) -> Refusals | None:
    """The refusals of the last week; None when there are none."""
    query = (
        select(IncomingLetter.said, IncomingLetter.read_at)
        .where(IncomingLetter.kind == Kind.REFUSED_US, IncomingLetter.read_at > at - REFUSALS_LAST)
        .order_by(IncomingLetter.id.desc())
    )
    rows = db.session.execute(query).all()
    return Refusals(len(rows), rows[0].said, rows[0].read_at) if rows else None
