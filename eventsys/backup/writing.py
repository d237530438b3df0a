"""Making the file, while the system runs: everything as it stood at one moment, under its name once it is whole."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, func, select, text

from eventsys.backup.file import Manifest, Progress, Stored, write_manifest, write_rows
from eventsys.backup.tables import Table, sequence_of, tables_of
from eventsys.backup.target import known_migrations, version_of
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.tokens import mark_of

_ROWS_AT_A_TIME = 500


class NoBackup(Refused):
    """There is nothing to back up, or nowhere to put it."""


@dataclass(frozen=True)
class Snapshot:
    """The database as it stood at one moment, whatever others write meanwhile."""

    connection: Connection
    tables: list[Table]
    migration: str
    at: datetime
    """Nothing that was kept after this moment is surely in it."""

    def number_of_rows(self) -> int:
        counts = (select(func.count()).select_from(one.clause) for one in self.tables)
        return sum(self.connection.execute(count).scalar_one() for count in counts)


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """One moment of the database, read on a connection of its own. Raises NoBackup.

    On SQLite a transaction that reads sees what was there when it began, and writers go on in the log (WAL), which
    cannot be emptied meanwhile. On PostgreSQL REPEATABLE READ does the same.
    """
    at = now()
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        migration = version_of(connection)
        if migration is None:
            raise NoBackup("There is nothing to back up: the database has no tables of this system.")
        if migration not in known_migrations():
            raise NoBackup(
                f"The database stands at {migration}, which this program does not know: it is older than the "
                "database. Make the backup with the newer program."
            )
        yield Snapshot(connection, tables_of(connection), migration, at)


def write_backup(taken: Snapshot, path: Path, progress: Progress) -> Manifest:
    """Write the snapshot into `path`, which only its owner may read. Raises NoBackup; then there is no such file."""
    with _whole_or_not(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        manifest = Manifest(
            program=version("eventsys"),
            migration=taken.migration,
            made_at=taken.at,
            database=taken.connection.dialect.name,
            key=mark_of_key(),
            tables=tuple(_stored(taken.connection, folder, one, progress) for one in taken.tables),
        )
        write_manifest(folder, manifest)
    return manifest


def refuse_a_name_in_use(path: Path) -> None:
    """Raises NoBackup when there is such a file already."""
    if path.exists():
        raise NoBackup(f"{path} exists already. A backup is not written over another: give another name.")


def mark_of_key() -> str:
    """What the file says of the secret key."""
    return mark_of("eventsys", "backup")


def _stored(connection: Connection, folder: zipfile.ZipFile, table: Table, progress: Progress) -> Stored:
    # A row with a file in it may be large by itself.
    at_a_time = 1 if table.holds_bytes else _ROWS_AT_A_TIME
    with connection.execution_options(yield_per=at_a_time).execute(table.query()) as rows:
        count, sha256 = write_rows(folder, table.name, table.columns, rows, progress)
    return Stored(table.name, table.columns, count, sha256, _last_id(connection, table))


def _last_id(connection: Connection, table: Table) -> int | None:
    sequence = sequence_of(connection, table)
    if sequence is None:
        return None
    last: int | None = connection.scalar(text(f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}"))  # noqa: S608 (named by the database)
    return last


@contextmanager
def _whole_or_not(path: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only once everything is on the disk."""
    refuse_a_name_in_use(path)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with _new_file(unfinished) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _keep_name(path.parent)
    except OSError as error:
        raise NoBackup(f"{path} could not be written: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _new_file(path: Path) -> IO[bytes]:
    """What an earlier run that was killed left there goes."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _keep_name(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
