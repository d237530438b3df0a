"""Databases to back up and to restore into, and everything that stands in one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from click import Command
from click.testing import CliRunner, Result
from flask import Flask, current_app
from flask.cli import ScriptInfo
from sqlalchemy import JSON, Text, cast, select

from eventsys import create_app
from eventsys.backup.file import open_backup
from eventsys.backup.restoring import Restored, restore_rows
from eventsys.backup.target import make_ready
from eventsys.backup.writing import snapshot, write_backup
from eventsys.database import Base, db, transaction
from eventsys.errors import Refused
from eventsys.migrating import upgrade_database
from tests import servers
from tests.conftest import settings_for_tests

Everything = dict[str, list[tuple[Any, ...]]]


def new_url(kind: str, folder: Path, migrated: bool = False) -> str:
    """The address of a database of its own: without a single table, or at the newest migration and empty."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "eventsys.sqlite3"
    if kind == "postgresql":
        return servers.new_database(servers.postgres_server(), _migrated_once(kind) if migrated else None)
    if migrated:
        shutil.copy(_migrated_once(kind).removeprefix("sqlite:///"), file)
    return f"sqlite:///{file}"


@cache
def _migrated_once(kind: str) -> str:
    """A database to be copied: the migrations take seconds, a copy takes none."""
    folder = servers.new_folder("migrated")
    url = new_url(kind, folder)
    app = create_app(settings_for_tests(url, folder))
    with app.app_context():
        upgrade_database()
        db.session.remove()
        db.engine.dispose()
    return url


@contextmanager
def application(kind: str, folder: Path, *, migrated: bool = True, **given: object) -> Iterator[Flask]:
    """An application of its own on a new database, migrated and empty, inside its context."""
    app = create_app(settings_for_tests(new_url(kind, folder, migrated), folder, **given))
    app.testing = True
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def backed_up(path: Path) -> Path:
    """A backup of the open database."""
    db.session.rollback()
    with snapshot() as taken:
        write_backup(taken, path, nothing_shown)
    return path


def put_in(path: Path) -> Restored:
    """The rows of a backup in the open database, as they were: nothing is held, nobody is erased."""
    with open_backup(path) as backup:
        backup.check(nothing_shown)
        make_ready(backup.manifest.migration)
        db.session.remove()
        with transaction():
            restored = restore_rows(backup, nothing_shown)
    upgrade_database()
    return restored


def nothing_shown(_rows: int) -> None:
    """No progress bar in tests."""


def everything() -> Everything:
    """Every row of every table of the open database, read by the models, JSON as it is written in the table."""
    db.session.remove()
    with db.engine.connect() as connection:
        return {
            name: sorted(
                (tuple(row) for row in connection.execute(select(*(_read(one) for one in table.columns)))), key=repr
            )
            for name, table in Base.metadata.tables.items()
        }


def _read(column: Any) -> Any:
    return cast(column, Text) if isinstance(column.type, JSON) else column


def number_of_rows() -> int:
    return sum(map(len, everything().values()))


def ran(command: Command, *words: object) -> Result:
    """`eventsys COMMAND WORDS` in the open application."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    info = ScriptInfo(create_app=lambda: app)
    outcome = CliRunner().invoke(command, [str(word) for word in words], obj=info)
    if outcome.exception is not None and not isinstance(outcome.exception, (SystemExit, Refused)):
        raise outcome.exception
    return outcome
