"""Papers that take long: made part by part by whichever worker is there, fetched, forgotten after a day.

A slice has a table of them (`Piecework`), and says what a part is. The row says how far it is and whose hands it is in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, LargeBinary, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column, undefer

from eventsys.database import Base, db, states

LEASE = timedelta(minutes=2)
KEPT = timedelta(hours=24)


class PaperState(StrEnum):
    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


_UNDER_WAY = (PaperState.ASKED, PaperState.MAKING)


class Piecework(Base):
    """The columns of such a paper. Its content holds names, so it is deleted by the clock soon after."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PaperState] = mapped_column(states(PaperState), default=PaperState.ASKED)
    done: Mapped[int] = mapped_column(default=0)
    """Of `total`."""
    total: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    """A worker is at it; after this another takes it over."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """What there is so far (see folder.py); once it is ready, the document."""
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def is_under_way(self) -> bool:
        return self.state in _UNDER_WAY


Paper = TypeVar("Paper", bound=Piecework)


def take(kind: type[Paper], paper_id: int, at: datetime) -> Paper | None:
    """The paper with its content, held for LEASE; None when it is ready, gone, or in another worker's hands."""
    taken = db.session.execute(
        update(kind)
        .where(kind.id == paper_id, _waits(kind, at))
        .values(state=PaperState.MAKING, lease_until=at + LEASE)
        .returning(kind.id)
    ).scalar()
    return None if taken is None else with_content(kind, paper_id)


def held(kind: type[Paper], paper_id: int, lease_until: datetime) -> Paper | None:
    """The paper, locked, if nobody has taken it over since this lease was given."""
    paper = with_content(kind, paper_id, locked=True)
    return paper if paper is not None and paper.lease_until == lease_until else None


def with_content(kind: type[Paper], paper_id: int, locked: bool = False) -> Paper | None:
    """The paper as it lies in the database now, its content read too."""
    query = select(kind).options(undefer(kind.content)).where(kind.id == paper_id)
    query = query.execution_options(populate_existing=True)
    return db.session.execute(query.with_for_update() if locked else query).scalar_one_or_none()


def lay_down(paper: Piecework, content: bytes, done: int) -> None:
    """A part is made, and whoever is free takes the next. Flushes, does not commit."""
    paper.content, paper.done, paper.lease_until = content, min(paper.total, done), None
    db.session.flush()


def finish(paper: Piecework, document: bytes, at: datetime) -> None:
    """The paper is ready. Flushes, does not commit."""
    paper.content, paper.state, paper.finished_at, paper.lease_until = document, PaperState.READY, at, None
    db.session.flush()


def fail(paper: Piecework, at: datetime) -> None:
    """The paper cannot be made; what there was of it goes. Flushes, does not commit."""
    paper.content, paper.state, paper.finished_at, paper.lease_until = None, PaperState.FAILED, at, None
    db.session.flush()


def to_make(kind: type[Paper], at: datetime) -> list[int]:
    """Ids of papers that no worker holds, for the clock."""
    return list(db.session.scalars(select(kind.id).where(_waits(kind, at)).order_by(kind.id)))


def to_forget(kind: type[Paper], at: datetime) -> bool:
    """Whether any is older than KEPT."""
    return db.session.execute(select(kind.id).where(kind.created_at <= at - KEPT).limit(1)).first() is not None


def forget(kind: type[Paper], at: datetime) -> int:
    """Delete papers a day after they were asked for: they hold names. Returns how many."""
    gone = delete(kind).where(kind.created_at <= at - KEPT).returning(kind.id)
    return len(db.session.execute(gone.execution_options(synchronize_session=False)).all())


def _waits(kind: type[Paper], at: datetime) -> ColumnElement[bool]:
    free = or_(kind.lease_until.is_(None), kind.lease_until <= at)
    return kind.state.in_(_UNDER_WAY) & free
