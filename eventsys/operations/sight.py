"""What rows tell about how the system runs, read in a few questions that an index answers.

The page, the figures and the letters all look through this, so that they cannot say different things.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, text

from eventsys.audit import AuditEntry
from eventsys.clock import local
from eventsys.companies.imports.queries import MOVING
from eventsys.companies.models import Import, ImportState
from eventsys.config import settings
from eventsys.database import db
from eventsys.health import database_version
from eventsys.leases import Lease
from eventsys.mail.delivery.run import relay_name
from eventsys.mail.models import Delivery, Mailing, MailingState, Priority, Relay, State
from eventsys.newsletters.sending.stuck import stuck_issues
from eventsys.operations.models import Worker
from eventsys.privacy.models import PersonRequest, RequestState
from eventsys.privacy.retention.models import RetentionRun

LIVES = timedelta(minutes=2)
"""A worker that was not seen for longer counts as dead; it says that it lives four times in between."""
_TO_SEND = (State.QUEUED, State.DEFERRED)


@dataclass(frozen=True)
class Due:
    """Letters by themselves whose moment has come and that have not left, and the earliest moment among them."""

    number: int
    since: datetime


@dataclass(frozen=True)
class RelaySight:
    """How the relay is. `failures` is how many times in a row it could not be reached."""

    stopped_until: datetime | None
    reason: str
    failures: int
    sent_today: int


@dataclass(frozen=True)
class Course:
    """A mailing that is on its way or paused. `stands_since`: letters are due, and none was taken since then."""

    name: str
    state: MailingState
    reason: str
    since: datetime
    stands_since: datetime | None


@dataclass(frozen=True)
class Imports:
    """Imports that wait for a worker or are at work. `waits_since`: nobody is at any of them."""

    by_state: dict[ImportState, int]
    waits_since: datetime | None


@dataclass(frozen=True)
class Wishes:
    """People's requests: those that staff have not answered in time, and those decided on but not erased yet."""

    overdue: int
    erasing: int
    oldest_erasing: datetime | None


@dataclass(frozen=True)
class Retention:
    """The last run by night, and the beginning of the oldest that is not finished."""

    last: RetentionRun | None
    unfinished_since: datetime | None


@dataclass(frozen=True)
class Disk:
    """The disk of the data folder, in bytes."""

    free: int
    total: int


@dataclass(frozen=True)
class Sight:
    """How everything stands at a moment."""

    at: datetime
    ticked_at: datetime | None
    workers: int
    worker_seen_at: datetime | None
    letters: dict[State, int]
    due: dict[Priority, Due]
    relay: RelaySight
    mailings: dict[MailingState, int]
    courses: Sequence[Course]
    unsent_issues: Sequence[str]  # issues that should have left and did not, each with why
    imports: Imports
    wishes: Wishes
    retention: Retention
    backed_up_at: datetime | None  # by `eventsys backup`; other ways leave no row
    database_version: str | None
    database_bytes: int
    disk: Disk | None  # None when the data folder is not on this machine


def look_around(at: datetime) -> Sight:
    """Read how everything stands. The number of questions does not grow with letters or companies."""
    ticked_at = db.session.scalar(select(Lease.taken_at).where(Lease.duty == "tick"))
    alive, seen_at = _workers(at)
    return Sight(
        at=at,
        ticked_at=ticked_at,
        workers=alive,
        worker_seen_at=seen_at,
        letters=_letters(),
        due=_due(at),
        relay=_relay(),
        mailings=_mailings(),
        courses=_courses(at),
        unsent_issues=[f"{one.issue.name}: {one.why}" for one in stuck_issues() if one.issue.trouble],
        imports=_imports(at),
        wishes=_wishes(at),
        retention=_retention(),
        backed_up_at=_backed_up_at(),
        database_version=database_version(),
        database_bytes=_database_bytes(),
        disk=_disk(),
    )


def _workers(at: datetime) -> tuple[int, datetime | None]:
    alive = func.count().filter(Worker.seen_at > at - LIVES)
    row = db.session.execute(select(alive, func.max(Worker.seen_at))).one()
    return row[0], row[1]


def _letters() -> dict[State, int]:
    """Counted from the index of states alone."""
    counted = db.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return dict.fromkeys(State, 0) | {row[0]: row[1] for row in counted}


def _due(at: datetime) -> dict[Priority, Due]:
    """Letters of mailings are not among them: those wait for each other for hours, and have a sight of their own."""
    query = (
        select(Delivery.priority, func.count(), func.min(Delivery.not_before))
        .where(Delivery.mailing_id.is_(None), Delivery.state.in_(_TO_SEND), Delivery.not_before <= at)
        .group_by(Delivery.priority)
    )
    return {Priority(row[0]): Due(row[1], row[2]) for row in db.session.execute(query)}


def _relay() -> RelaySight:
    row = db.session.scalar(select(Relay).where(Relay.name == relay_name()))
    if row is None:
        return RelaySight(None, "", 0, 0)
    return RelaySight(row.stopped_until, row.stop_reason, row.failures, row.sent_today)


# --- mailings -----------------------------------------------------------------------------------------------------


def _mailings() -> dict[MailingState, int]:
    counted = db.session.execute(select(Mailing.state, func.count()).group_by(Mailing.state))
    return dict.fromkeys(MailingState, 0) | {row[0]: row[1] for row in counted}


def _courses(at: datetime) -> list[Course]:
    """Those on their way and those paused, one question for all but those that have not moved."""
    in_course = (MailingState.SENDING, MailingState.PAUSED)
    found = db.session.scalars(select(Mailing).where(Mailing.state.in_(in_course)).order_by(Mailing.id))
    return [_course(mailing, at) for mailing in found]


def _course(mailing: Mailing, at: datetime) -> Course:
    since = mailing.moved_at or mailing.begun_at or mailing.starts_at or mailing.created_at
    stands = mailing.state is MailingState.SENDING and _stands(mailing, since, at)
    return Course(mailing.name, mailing.state, mailing.reason, since, since if stands else None)


def _stands(mailing: Mailing, since: datetime, at: datetime) -> bool:
    """Letters that were put off wait for their own moment; only such as nobody has tried count."""
    is_held = mailing.held_until is not None and mailing.held_until > at
    if is_held or since > at - timedelta(minutes=5):
        return False
    untouched = (Delivery.mailing_id == mailing.id, Delivery.state == State.QUEUED, Delivery.not_before <= at)
    return bool(db.session.scalar(select(exists().where(*untouched))))


# --- everything else ----------------------------------------------------------------------------------------------


def _imports(at: datetime) -> Imports:
    found = db.session.execute(
        select(Import.state, Import.lease_until, Import.created_at).where(Import.state.in_(MOVING))
    ).all()
    by_state = {state: sum(1 for row in found if row.state is state) for state in sorted(MOVING)}
    at_work = any(row.lease_until is not None and row.lease_until > at for row in found)
    waits_since = None if at_work else min((row.lease_until or row.created_at for row in found), default=None)
    return Imports(by_state, waits_since)


def _wishes(at: datetime) -> Wishes:
    row, is_erasing = PersonRequest, PersonRequest.state == RequestState.ERASING
    query = select(
        func.count().filter(row.state == RequestState.WAITING, row.due_on < local(at).date()),
        func.count().filter(is_erasing),
        func.min(row.handled_at).filter(is_erasing),
    ).where(row.state.in_((RequestState.WAITING, RequestState.ERASING)))
    return Wishes(*db.session.execute(query).one())


def _retention() -> Retention:
    by_night = select(RetentionRun).where(RetentionRun.night.is_not(None)).order_by(RetentionRun.night.desc()).limit(1)
    unfinished = select(func.min(RetentionRun.begun_at)).where(RetentionRun.finished_at.is_(None))
    return Retention(db.session.scalar(by_night), db.session.scalar(unfinished))


def _backed_up_at() -> datetime | None:
    taken_out = (AuditEntry.subject == "backup", AuditEntry.action == "backup.taken_out")
    return db.session.scalar(select(func.max(AuditEntry.at)).where(*taken_out))


def _database_bytes() -> int:
    is_sqlite = db.engine.dialect.name == "sqlite"
    asked = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if is_sqlite
        else "SELECT pg_database_size(current_database())"
    )
    return int(db.session.execute(text(asked)).scalar_one())


def _disk() -> Disk | None:
    try:
        found = shutil.disk_usage(settings().data_path)
    except OSError:
        return None
    return Disk(found.free, found.total)
