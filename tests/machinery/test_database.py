# ruff: noqa: PT012 - a block that fails is what is tested
from __future__ import annotations

import ctypes
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import TextClause, insert, text
from sqlalchemy.exc import OperationalError

from eventsys import create_app, database
from eventsys.audit import AuditEntry, record
from eventsys.clock import STOCKHOLM, now
from eventsys.companies.models import Company
from eventsys.database import FairLock, after_commit, commits, db, refresh_statistics, transaction
from eventsys.errors import Busy
from eventsys.events.seats import locked_event
from eventsys.leases import Lease
from tests.conftest import end_what_was_left_open, settings_for_tests
from tests.factories import make_event
from tests.servers import wait_until


def kept() -> int:
    db.session.rollback()
    return db.session.query(AuditEntry).count()


# --- transactions -------------------------------------------------------------------------------------------------


def test_everything_in_the_block_is_kept(app):
    with transaction():
        record("test", "a:1")
        record("test", "a:2")
    assert kept() == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_kept_when_the_block_fails(app, error):
    with pytest.raises(error), transaction():
        record("test", "a:1")
        db.session.flush()
        raise error
    assert kept() == 0
    with transaction():
        record("test", "a:1")
    assert kept() == 1


def test_a_transaction_inside_another_is_refused_and_the_outer_keeps_nothing(app):
    with pytest.raises(RuntimeError, match="only doors"), transaction():
        record("test", "a:1")
        with transaction():
            record("test", "a:2")
    assert kept() == 0


def test_what_was_read_before_is_read_anew_inside(app):
    with transaction():
        company = Company(name="Gammalt", created_at=now())
        db.session.add(company)
    with db.engine.begin() as another:
        another.execute(text("UPDATE company SET name = 'Nytt'"))
    with transaction():
        assert company.name == "Nytt"


def test_what_was_changed_outside_a_transaction_is_not_kept(app):
    db.session.add(Company(name="Utanför", created_at=now()))
    with transaction():
        record("test", "a:1")
    assert db.session.query(Company).count() == 0


# --- after the commit ---------------------------------------------------------------------------------------------


def test_what_is_handed_over_runs_after_the_commit_and_in_order(app):
    seen = []
    with transaction():
        record("test", "a:1")
        after_commit(lambda: seen.append(("first", kept())))
        after_commit(lambda: seen.append(("second", kept())))
        assert seen == []
    assert seen == [("first", 1), ("second", 1)]


def test_nothing_is_handed_over_when_the_block_fails(app):
    seen = []
    with pytest.raises(ValueError, match="nej"), transaction():
        after_commit(lambda: seen.append(1))
        raise ValueError("nej")
    with transaction():
        pass
    assert seen == []


def test_a_hand_over_that_fails_hurts_neither_the_rows_nor_the_next_hand_over(app):
    seen = []

    def broken() -> None:
        raise ConnectionError("the broker is down")

    with transaction():
        record("test", "a:1")
        after_commit(broken)
        after_commit(lambda: seen.append(1))
    assert (kept(), seen) == (1, [1])


def test_outside_a_transaction_nothing_can_be_handed_over(app):
    with pytest.raises(RuntimeError):
        after_commit(lambda: None)


def test_commits_are_counted_and_failures_are_not(app):
    before = commits()
    with transaction():
        record("test", "a:1")
    with pytest.raises(ValueError, match="nej"), transaction():
        raise ValueError("nej")
    assert commits() == before + 1


# --- waiting for a lock -------------------------------------------------------------------------------------------


def test_a_lock_held_too_long_is_busy_and_nothing_was_changed(app, tmp_path, monkeypatch):
    """Another process holds the lock: on SQLite the file's, on PostgreSQL the event's row."""
    monkeypatch.setattr(database, "LOCK_WAIT_SECONDS", 0.2)
    event_id = make_event().id
    url = db.engine.url.render_as_string(hide_password=False)
    impatient = create_app(settings_for_tests(url, tmp_path))
    with db.engine.connect() as holder:
        if db.engine.dialect.name == "sqlite":
            holder.exec_driver_sql("ROLLBACK")
            holder.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            holder.execute(text("SELECT * FROM event FOR UPDATE"))
        with impatient.app_context():
            with pytest.raises(Busy), transaction():
                record("test", "a:1")
                db.session.flush()
                locked_event(event_id)
            db.session.remove()
            db.engine.dispose()
        holder.rollback()
    assert kept() == 0


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_transaction_that_a_test_leaves_open_is_found_and_ended(app):
    assert end_what_was_left_open() == []
    with db.engine.connect() as forgotten:
        forgotten.execute(text("SELECT 1 AS left_open"))
        [found] = end_what_was_left_open()
        assert "idle in transaction" in found
        assert "left_open" in found
        forgotten.invalidate()


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_deadlock_is_busy_for_one_and_done_for_the_other(app):
    first, second = make_event().id, make_event().id
    both_have_one = threading.Barrier(2)
    results: list[object] = []

    def lock(one: int, other: int) -> None:
        with app.app_context():
            try:
                with transaction():
                    locked_event(one)
                    both_have_one.wait(10)
                    locked_event(other)
                results.append("done")
            except Busy:
                results.append("busy")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=lock, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == ["busy", "done"]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_other_trouble_of_the_database_is_not_called_busy(app):
    with pytest.raises(OperationalError), transaction():
        db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert kept() == 0


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_connection_that_died_while_it_rested_is_replaced_unseen(app, monkeypatch):
    monkeypatch.setattr(database, "RESTED_SECONDS", 0.0)
    resting = db.session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:  # sees what happened since
        db.session.remove()
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": resting})
        others = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        wait_until(lambda: not other.execute(others, {"pid": resting}).scalar())
        assert db.session.scalar(text("SELECT pg_backend_pid()")) != resting


# --- the fair lock ------------------------------------------------------------------------------------------------


def waiting(lock: FairLock, number: int) -> None:
    wait_until(lambda: len(lock._queue) == number)


def test_the_fair_lock_is_given_in_the_order_it_was_asked_for():
    lock, order = FairLock(), []
    assert lock.acquire(1)

    def take(name: int) -> None:
        assert lock.acquire(10)
        order.append(name)
        lock.release()

    threads = [threading.Thread(target=take, args=(name,)) for name in range(8)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        waiting(lock, number)
    lock.release()
    for thread in threads:
        thread.join(10)
    assert order == list(range(8))
    assert lock.acquire(0.01)


def test_who_waits_too_long_leaves_the_line_to_the_next():
    lock = FairLock()
    assert lock.acquire(1)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0.01)


def test_the_fair_lock_lets_only_one_in_at_a_time():
    lock, inside, most = FairLock(), [], []

    def work() -> None:
        for _ in range(200):
            assert lock.acquire(10)
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            lock.release()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(most) == {1}
    assert len(most) == 1200


def test_a_turn_is_not_lost_when_a_time_limit_strikes_the_one_whose_turn_it_is():
    """Dramatiq raises its time limit inside whatever the thread does. A lost turn would stop every writer for ever."""

    class TimeLimit(BaseException):
        pass

    lock, ended = FairLock(), []
    assert lock.acquire(1)

    def wait_and_be_struck() -> None:
        try:
            lock.acquire(30)
        except TimeLimit:
            ended.append("struck")

    struck = threading.Thread(target=wait_and_be_struck)
    struck.start()
    waiting(lock, 1)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(struck.ident), ctypes.py_object(TimeLimit))
    lock.release()
    struck.join(10)
    assert ended == ["struck"]
    assert lock.acquire(1), "the lock is held by nobody and cannot be had"


# --- times --------------------------------------------------------------------------------------------------------


def test_times_come_back_aware_and_in_utc(app):
    at = datetime(2026, 7, 1, 12, 30, 15, 123456, tzinfo=STOCKHOLM)
    with transaction():
        db.session.add(Company(name="X", created_at=at))
    db.session.expire_all()
    found = db.session.query(Company).one().created_at
    assert (found, found.utcoffset()) == (at, timedelta(0))


def test_a_naive_time_is_refused(app):
    with pytest.raises(Exception, match="naive"), transaction():
        db.session.add(Company(name="X", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001
        db.session.flush()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_sqlite_has_the_manners_we_rely_on(app: Flask):
    with db.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_clock_is_utc():
    assert now().tzinfo is UTC
    assert abs(now().timestamp() - time.time()) < 1


# --- what PostgreSQL knows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_rows_that_came_at_once_are_known_before_they_are_kept(app):
    with transaction():
        db.session.execute(text("ANALYZE lease"))
        taken = [{"duty": f"d{number}", "holder": "h", "until": now(), "taken_at": now()} for number in range(700)]
        db.session.execute(insert(Lease), taken)
        assert estimated(Lease) < 10
        refresh_statistics()
        assert estimated(Lease) == 700


def estimated(model: type) -> float:
    return float(
        db.session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = :name"), {"name": model.__tablename__})
    )


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_the_query_of_a_process_that_is_gone_ends_by_itself(app):
    """Killed in the middle of a long query, it would hold its locks until the query had an end."""
    watched = text("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)%' "
                   "AND pid <> pg_backend_pid()")  # fmt: skip
    url = db.engine.url.render_as_string(hide_password=False)
    program = f"""
from sqlalchemy import create_engine, text
from eventsys import database
options = database._engine_options({url!r})
with create_engine({url!r}, **options).connect() as connection:
    connection.execute(text("SELECT pg_sleep(600)"))
"""
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        wait_until(lambda: running(watched) == 1, 30, about="the long query")
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: running(watched) == 0, 30, about="the end of the long query")


def running(watched: TextClause) -> int:
    db.session.rollback()
    return int(db.session.scalar(watched) or 0)
