"""Letters when something is stuck: one when it has lasted, one a day while it goes on, one when it is over.

Who is told stands in rows, and each letter has a purpose of its own, so neither a restart nor a second process tells
anybody twice. Trouble that comes and goes is one trouble until it has stayed away for a while, and for longer each
time it comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import getaddresses

from sqlalchemy import delete, func, select

from eventsys.config import settings
from eventsys.database import db
from eventsys.mail.outbox import Posting, post_all
from eventsys.operations.models import Trouble
from eventsys.operations.troubles import Found
from eventsys.staff.queries import administrators

TROUBLE, OVER = "operations/trouble", "operations/trouble_over"
REMINDER = "day"
SEEN_FOR = timedelta(minutes=5)
"""What was due all night while the system was off is not stuck in the morning, if it goes within this."""
CALM = timedelta(minutes=30)
DAY = timedelta(days=1)
KEPT_FOR = timedelta(days=90)


def note(found: Sequence[Found], at: datetime) -> None:
    """Remember what is the matter now, and post letters about what has lasted and what is over. Flushes.

    Asked again at the same moment, or by another process, it tells nobody anew.
    """
    open_rows = {row.kind: row for row in open_troubles(locked=True)}
    now_found = {one.kind: one for one in found}
    for kind, row in open_rows.items():
        if kind in now_found:
            _goes_on(row, now_found[kind], at)
        else:
            _is_gone(row, at)
    db.session.add_all(_new(one, at) for kind, one in now_found.items() if kind not in open_rows)
    db.session.execute(delete(Trouble).where(Trouble.over_at < at - KEPT_FOR))
    db.session.flush()


def open_troubles(locked: bool = False) -> Sequence[Trouble]:
    """What is the matter, as it was last noted, by kind."""
    query = select(Trouble).where(Trouble.over_at.is_(None)).order_by(Trouble.noticed_at, Trouble.id)
    return db.session.scalars(query.with_for_update() if locked else query).all()


def past_troubles(most: int = 10) -> Sequence[Trouble]:
    """What was told and is over, the latest first."""
    query = select(Trouble).where(Trouble.over_at.is_not(None)).order_by(Trouble.over_at.desc()).limit(most)
    return db.session.scalars(query).all()


def _new(found: Found, at: datetime) -> Trouble:
    return Trouble(kind=found.kind, detail=found.detail[:300], begun_at=found.since, noticed_at=at, seen_at=at)


def _goes_on(row: Trouble, found: Found, at: datetime) -> None:
    row.detail, row.seen_at = found.detail[:300], at
    if row.told_at is None:
        if found.lasts(at) and at - row.noticed_at >= SEEN_FOR:
            _tell(row, "begun", at)
    elif at - row.told_at >= DAY:
        _tell(row, f"{REMINDER}{(at - row.noticed_at).days}", at)


def _tell(row: Trouble, occasion: str, at: datetime) -> None:
    row.told_at = at
    _post(TROUBLE, row, occasion, at)


def _is_gone(row: Trouble, at: datetime) -> None:
    if row.told_at is None:
        db.session.delete(row)
    elif at - row.seen_at >= CALM * 2 ** _came_before(row):
        row.over_at = at
        _post(OVER, row, "over", at)


def _came_before(row: Trouble) -> int:
    """How many times it came and was told, the day before this time."""
    before = (Trouble.kind == row.kind, Trouble.over_at.is_not(None), Trouble.over_at > row.noticed_at - DAY)
    return min(db.session.scalar(select(func.count()).select_from(Trouble).where(*before)) or 0, 5)


def _post(letter: str, row: Trouble, occasion: str, at: datetime) -> None:
    post_all(
        [
            Posting(
                letter, row.id, f"trouble:{row.id}:{occasion}:{place}", address=address, name=name, not_after=at + DAY
            )
            for place, (name, address) in enumerate(told())
        ]
    )


def told() -> list[tuple[str, str]]:
    """Names and addresses of those who are told: as the setting says, otherwise all administrators."""
    if settings().alarm_to:
        return getaddresses([settings().alarm_to])
    return [(one.name, one.email) for one in administrators()]
