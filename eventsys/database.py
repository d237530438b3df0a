"""The database: one session a request, transactions that only doors open, and what is handed over after the commit.

SQLite and PostgreSQL behave alike here: a transaction that will write takes its lock at once (`BEGIN IMMEDIATE` on
SQLite, `SELECT ... FOR UPDATE` by the verbs on PostgreSQL), so that check-then-insert is safe on both.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import structlog
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, Enum, MetaData, TypeDecorator, event, text
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, registry

from eventsys.counters import count_transaction
from eventsys.errors import Busy

log = structlog.get_logger()

LOCK_WAIT_SECONDS = 8
RESTED_SECONDS = 1.0
CHECK_CLIENT_SECONDS = 5

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is UTC in the table and aware again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time was given to the database; use eventsys.clock")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    registry = registry(metadata=MetaData(naming_convention=_NAMING), type_annotation_map={datetime: UtcDateTime()})


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def states(kind: type[StrEnum]) -> Enum:
    """The column type of a StrEnum: its values as text, readable in the table."""
    return Enum(
        kind, native_enum=False, length=24, values_callable=lambda members: [member.value for member in members]
    )


# --- transactions -----------------------------------------------------------------------------------------------

_writing: ContextVar[bool] = ContextVar("eventsys_writing", default=False)
_after: ContextVar[list[Callable[[], object]] | None] = ContextVar("eventsys_after_commit", default=None)


@contextmanager
def transaction() -> Iterator[None]:
    """Keep everything done in the block, or nothing. Opened by doors only, never inside another.

    What was read before is read anew inside, under the lock. After the commit, what was given to `after_commit` runs;
    an error there is logged and nothing more: the rows are saved and the next tick finds them.

    Raises Busy when the lock could not be had within LOCK_WAIT_SECONDS.
    """
    if _writing.get():
        raise RuntimeError("a transaction is open already; only doors open one")
    waiting: list[Callable[[], object]] = []
    db.session.rollback()
    db.session.expire_all()  # a rollback after a commit forgets nothing
    with _turn():
        writing, after = _writing.set(True), _after.set(waiting)
        try:
            yield
            db.session.commit()
            _count_commit()
        except OperationalError as error:
            db.session.rollback()
            if _is_lock_wait(error):
                count_transaction("busy")
                raise Busy from error
            raise
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _writing.reset(writing)
            _after.reset(after)
    for hand_over in waiting:
        try:
            hand_over()
        except Exception as error:
            log.warning("hand_over_failed", error=type(error).__name__)


def after_commit(hand_over: Callable[[], object]) -> None:
    """Run this once the surrounding transaction is safely kept; not at all if it is not."""
    waiting = _after.get()
    if waiting is None:
        raise RuntimeError("after_commit outside a transaction")
    waiting.append(hand_over)


def commits() -> int:
    """How many transactions this process has kept; what was computed at the same count is still true for it."""
    return int(current_app.extensions["eventsys_commits"])


def _count_commit() -> None:
    current_app.extensions["eventsys_commits"] += 1
    count_transaction("kept")


_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"  # PostgreSQL's codes: its words follow the server's language


def _is_lock_wait(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlstate", None)
    return code in (_LOCK_NOT_AVAILABLE, _DEADLOCK) or "database is locked" in str(error.orig)


def refresh_statistics() -> None:
    """Let PostgreSQL see how many rows there are now, after many came at once; inside a transaction its own count too.

    Until autovacuum looks, which may take a minute and never sees an open transaction, tables that it saw empty are
    planned as if they had one row: joins of thousands by thousands then ran for hours. SQLite plans without counting.
    A table that autovacuum holds just then is left to it.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE (SKIP_LOCKED)"))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


# --- one writer at a time in a process, in the order they came ----------------------------------------------------


class FairLock:
    """A lock that is given in the order it was asked for.

    SQLite's own waiting sleeps and guesses: with 8 threads p99 was 0.5-0.8 s against 33 ms with 2 writers, so in one
    process the writers queue here first.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    def acquire(self, timeout: float) -> bool:
        with self._guard:
            if not self._held and not self._queue:
                self._held = True
                return True
            turn = threading.Event()
            self._queue.append(turn)
        try:
            if turn.wait(timeout):
                return True
        except BaseException:  # a job's time limit strikes anywhere: a turn that came must not be lost with it
            self._give_up(turn)
            raise
        with self._guard:
            if turn.is_set():
                return True
            self._queue.remove(turn)
            return False

    def _give_up(self, turn: threading.Event) -> None:
        with self._guard:
            if not turn.is_set():
                self._queue.remove(turn)
                return
        self.release()

    def release(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False


@contextmanager
def _in_turn(lock: FairLock) -> Iterator[None]:
    if not lock.acquire(LOCK_WAIT_SECONDS):
        count_transaction("busy")
        raise Busy
    try:
        yield
    finally:
        lock.release()


def _turn() -> AbstractContextManager[None]:
    if not _is_sqlite():
        return nullcontext()
    return _in_turn(current_app.extensions["eventsys_writers"])


# --- engine -------------------------------------------------------------------------------------------------------


def init_database(app: Flask, url: str) -> None:
    """Bind the database to the app and set its manners on every connection."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    app.extensions["eventsys_writers"] = FairLock()
    app.extensions["eventsys_commits"] = 0
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        set_sqlite_manners(engine)
    else:
        ping_after_a_rest(engine)


def _engine_options(url: str) -> dict[str, Any]:
    shared = {
        "pool_use_lifo": True,  # the connection used last has the statements and pages at hand
        "hide_parameters": True,  # names and addresses have no place in the text of an error
    }
    if url.startswith("sqlite"):
        return {**shared, "pool_size": 20, "max_overflow": 40, "connect_args": {"timeout": LOCK_WAIT_SECONDS}}
    manners = {
        "lock_timeout": LOCK_WAIT_SECONDS * 1000,
        "timezone": "UTC",
        # A process that was killed in the middle of a long query holds no locks until the query would have ended.
        "client_connection_check_interval": CHECK_CLIENT_SECONDS * 1000,
    }
    return {
        **shared,
        "pool_size": 10,
        "max_overflow": 30,
        "connect_args": {"options": " ".join(f"-c {name}={value}" for name, value in manners.items())},
    }


def ping_after_a_rest(engine: Engine) -> None:
    """A connection that rested may have died unseen, so it is asked first; one used just now is not asked again.

    `pool_pre_ping` asks before every transaction: one round trip of the five that a group of letters takes.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", math.inf) > RESTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error


def set_sqlite_manners(engine: Engine) -> None:
    """WAL, foreign keys, full synchronisation, and transactions that begin when we say so.

    What is deleted is overwritten in the file too: whoever is forgotten must not stand in its unused parts.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY",
            "secure_delete = ON",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def leave_no_traces() -> None:
    """Bring what was just committed from SQLite's log into its file, and empty the log, where old rows still stand.

    For doors, after a transaction that forgets somebody. While others read, SQLite leaves the log for later. PostgreSQL
    frees old rows by itself (autovacuum).
    """
    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
        with closing(db.engine.raw_connection()) as connection:  # ours would begin a transaction first
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
