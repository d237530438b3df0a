"""Who was erased, kept outside the database, so that a restored backup does not bring anybody back.

A backup knows nothing of what came after it. So each erasing leaves a line in `erased.txt` of the data folder: when,
and a mark of the address, which only the secret key leads to and which leads to nobody.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnClause, String, column, select, table

from eventsys.clock import local
from eventsys.config import settings
from eventsys.database import Base, db
from eventsys.errors import Refused
from eventsys.mail.addresses import comparable
from eventsys.personal import is_forgotten
from eventsys.privacy.models import PersonRequest, RequestState, Wish
from eventsys.tokens import mark_of, new_token

LONGEST_ADDRESS = 254
MARGIN = timedelta(minutes=10)
"""An erasing may be noted a moment before the backup began, and kept after it."""


class PoorList(Refused):
    """The list cannot be read."""


def list_path() -> Path:
    return settings().data_path / "erased.txt"


def note_erased(address: str, at: datetime) -> None:
    """Add a line, safely on the disk when this returns. Raises OSError: then nobody may be erased yet.

    Before the erasing is kept: one that then fails is repeated by the clock, and two lines are as good as one.
    """
    path = list_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="ascii") as kept:
        kept.write(f"{at.isoformat()} {_mark(address)}\n")
        kept.flush()
        os.fsync(kept.fileno())


def marks_since(path: Path, since: datetime) -> frozenset[str]:
    """The marks of those erased from this moment on; none when there is no such file. Raises PoorList."""
    if not path.exists():
        return frozenset()
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        return frozenset(mark for at, mark in lines if datetime.fromisoformat(at) >= since - MARGIN)
    except (OSError, ValueError, TypeError) as error:
        raise PoorList(f"{path} is no list of erased people: {error}") from error


@dataclass(frozen=True)
class Again:
    """How many the lists name, how many of them came back and are to be erased, and whether there was any list."""

    erased: int
    back: int
    has_list: bool

    @property
    def words(self) -> str:
        """For the command line."""
        if not self.has_list:
            return (
                f"There is no list of erased people here ({list_path()}). If anybody was erased after the backup was "
                "made, fetch the list from the machine that did it and run: eventsys erase-again FILE"
            )
        return f"{self.erased} were erased after the backup was made; {self.back} of them came back and will be again."


def erase_again(lists: Sequence[Path], made_at: datetime, by: str, at: datetime) -> Again:
    """Everybody erased since `made_at` who is in the database gets a request that is decided already.

    `lists` are files as `note_erased` makes them; none: the one of this machine. The clock carries the requests out as
    any other: nobody with a seat ahead is erased before staff have looked at it. They were told when it was done the
    first time, so no letter is posted. A second time does nothing more. Raises PoorList. Flushes, does not commit.
    """
    paths = lists or [list_path()]
    marks = frozenset(mark for path in paths for mark in marks_since(path, made_at))
    back = _those_marked(marks) if marks else []
    db.session.add_all(_decided(address, by, at) for address in back)
    db.session.flush()
    return Again(len(marks), len(back), any(path.exists() for path in paths))


def _those_marked(marks: frozenset[str]) -> list[str]:
    known = {comparable(address) for address in _addresses()}
    decided = set(db.session.scalars(select(PersonRequest.address).where(PersonRequest.state == RequestState.ERASING)))
    return sorted(address for address in known - decided if _mark(address) in marks)


def _decided(address: str, by: str, at: datetime) -> PersonRequest:
    return PersonRequest(
        token=new_token(), wish=Wish.ERASE, state=RequestState.ERASING, address=address, begun_by=by[:120],
        text="Raderades redan, efter den säkerhetskopia som har återställts.", created_at=at, ends_at=at,
        confirmed_at=at, due_on=local(at).date(), handled_by=by[:120], handled_at=at, outcome=[],
    )  # fmt: skip


def _addresses() -> set[str]:
    """Every address that stands in a column of its own."""
    found: set[str] = set()
    for name, one in Base.metadata.tables.items():
        for kept in one.columns:
            if isinstance(kept.type, String) and kept.type.length == LONGEST_ADDRESS:
                place: ColumnClause[str] = column(kept.name)
                query = select(place).select_from(table(name)).where(place != "").distinct()
                found.update(row for row in db.session.scalars(query) if not is_forgotten(row))
    return found


def _mark(address: str) -> str:
    return mark_of(address, "erased")
