"""The demonstration in a database, filled in once a run and copied from then on: filling it in takes half a minute."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventsys.database import db
from eventsys.demo import fill_if_empty


def folder_of_the_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this run share, removed with it."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def fill_in(factory: pytest.TempPathFactory) -> None:
    """Put the demonstration into the open, empty SQLite database, as whichever test came first filled it in."""
    kept = folder_of_the_run(factory) / "demonstration.sqlite3"
    with _alone(kept.with_suffix(".lock")):
        if not kept.exists():
            assert fill_if_empty()
            _copy_out(kept)
            return
    _copy_in(kept)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _copy_out(kept: Path) -> None:
    """Under another name first: what stands there is whole."""
    half = kept.with_suffix(".half")
    with contextlib.closing(sqlite3.connect(half)) as copy, _own_connection() as own:
        own.backup(copy)
    half.rename(kept)


def _copy_in(kept: Path) -> None:
    db.session.rollback()
    with contextlib.closing(sqlite3.connect(kept)) as copy, _own_connection() as own:
        copy.backup(own)
    db.session.expire_all()


@contextlib.contextmanager
def _own_connection() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(db.engine.raw_connection()) as connection:
        own = connection.driver_connection
        assert isinstance(own, sqlite3.Connection)
        yield own
