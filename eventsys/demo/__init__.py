"""Demonstration data: a business office in full swing, with invented companies, people and letters."""

from __future__ import annotations

import random

from sqlalchemy import select

from eventsys.audit import acting
from eventsys.backup.target import MACHINERY
from eventsys.clock import now
from eventsys.database import Base, db, transaction
from eventsys.demo import surveys
from eventsys.demo.asking import ask_to_see
from eventsys.demo.diary import Diary
from eventsys.demo.following import Following
from eventsys.demo.keeping import keep_and_hand_out
from eventsys.demo.letters import settle_letters
from eventsys.demo.publishing import Publishing
from eventsys.demo.staff import GIVEN, SIGN_IN, open_accounts, planners_of_series
from eventsys.demo.story import Story
from eventsys.demo.visiting import Visiting
from eventsys.demo.welcoming import Welcoming
from eventsys.events.access import give_series
from eventsys.staff.passwords import hash_password

__all__ = ["SIGN_IN", "fill_if_empty"]

_SEED = 1621  # the year Borås became a town


def fill_if_empty() -> bool:
    """Put demonstration data into an empty database, all of it or nothing. Returns False when anything is there.

    Opens its own transaction; the same day gives the same data. Nothing of it is sent.
    """
    if not _is_empty():
        return False
    password_hash = hash_password(SIGN_IN.password)  # slow, so before the transaction
    before = acting.get()
    try:
        with transaction():
            if not _is_empty():
                return False
            _fill(password_hash)
    finally:
        acting.set(before)
    return True


def _is_empty() -> bool:
    tables = (table for name, table in Base.metadata.tables.items() if name not in MACHINERY)
    return all(db.session.execute(select(table).limit(1)).first() is None for table in tables)


def _fill(password_hash: str) -> None:
    at = now()
    colleagues = open_accounts(password_hash)
    diary = Diary(at)
    story = Story(diary, at, random.Random(_SEED), planners_of_series(colleagues))  # noqa: S311  (no secret)
    story.note_all()
    diary.live()
    for key, given in GIVEN.items():
        give_series(colleagues[key].id, [story.series[name].id for name in given])
    surveys.ask(at, random.Random(_SEED))  # noqa: S311
    settle_letters(at)
    publishing = Publishing(at, random.Random(_SEED), colleagues["editor"], colleagues["organiser"])  # noqa: S311
    publishing.live()
    visiting = Visiting(at, random.Random(_SEED), colleagues["organiser"])  # noqa: S311
    visiting.fill()
    welcoming = Welcoming(at, random.Random(_SEED), colleagues["organiser"], colleagues["editor"])  # noqa: S311
    welcoming.fill(publishing.spare_names, story.series["welcome"].id)
    ask_to_see(at)
    settle_letters(at)
    Following(at, colleagues["organiser"]).fill()
    keep_and_hand_out(at, colleagues["administrator"])
