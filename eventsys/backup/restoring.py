"""Putting the rows of a backup into an empty database, in the caller's transaction: all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from eventsys.backup.file import Backup, PoorBackup, Progress, Stored
from eventsys.backup.kinds import Kind
from eventsys.backup.tables import Table, sequence_of, tables_of
from eventsys.backup.target import MACHINERY, refuse_unless_empty
from eventsys.database import db
from eventsys.errors import Refused

NUL = "\x00"


class DoesNotFit(Refused):
    """This database does not take a row that the other one had. Nothing was written."""


@dataclass
class Restored:
    """What was put in. `without_nul` are texts that lost a NUL character, which PostgreSQL cannot keep."""

    rows: int = 0
    without_nul: int = 0


def restore_rows(backup: Backup, progress: Progress) -> Restored:
    """Put every row in; the database stands at the file's migration. Does not commit.

    Nobody else writes meanwhile: on PostgreSQL every table is locked, on SQLite the transaction is the only writer.
    Raises NotEmpty, DoesNotFit, PoorBackup.
    """
    connection = db.session.connection()
    tables = tables_of(connection)
    pairs = list(_paired(tables, backup.manifest.tables))
    _lock(connection, tables)
    refuse_unless_empty(connection, tables)
    _empty_machinery(connection, tables)
    restored = Restored()
    for table, stored in pairs:
        for portion in backup.portions(stored):
            restored.without_nul += _without_nul(connection, table, portion)
            with _misfit_as_refusal(table):
                connection.execute(insert(table.clause), _without_late(table, portion))
            restored.rows += len(portion)
            progress(len(portion))
    for table, stored in pairs:
        _point(connection, table, backup, stored)
        _go_on_counting(connection, table, stored)
    return restored


def _paired(tables: Sequence[Table], stored: Sequence[Stored]) -> Iterator[tuple[Table, Stored]]:
    """Each table with its part of the file, in the order in which they go in. Raises PoorBackup when they differ."""
    by_name = {one.name: one for one in stored}
    if set(by_name) != {one.name for one in tables}:
        raise PoorBackup("The file does not hold the tables of its migration. Nothing was written.")
    for table in tables:
        if set(table.columns) != set(by_name[table.name].columns):
            raise PoorBackup(f"The table {table.name} has other columns in the file. Nothing was written.")
        yield table, by_name[table.name]


def _lock(connection: Connection, tables: Sequence[Table]) -> None:
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{one.name}"' for one in tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _empty_machinery(connection: Connection, tables: Sequence[Table]) -> None:
    for table in reversed(tables):
        if table.name in MACHINERY:
            connection.execute(delete(table.clause))


def _without_nul(connection: Connection, table: Table, portion: list[dict[str, Any]]) -> int:
    if connection.dialect.name != "postgresql":
        return 0
    texts = [one.name for one in table.columns if one.kind is Kind.TEXT]
    found = [(row, name) for row in portion for name in texts if row[name] and NUL in row[name]]
    for row, name in found:
        row[name] = row[name].replace(NUL, "")
    return len(found)


def _without_late(table: Table, portion: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not table.late:
        return portion
    return [row | dict.fromkeys(table.late) for row in portion]


def _point(connection: Connection, table: Table, backup: Backup, stored: Stored) -> None:
    """What rows say of others that came after them is written once all are there."""
    if not table.late:
        return
    keys = [table.clause.c[name] == bindparam(f"key_{name}") for name in table.key]
    change = update(table.clause).where(*keys).values({name: bindparam(f"new_{name}") for name in table.late})
    for portion in backup.portions(stored):
        pointing = [row for row in portion if any(row[name] is not None for name in table.late)]
        if pointing:
            given = [
                {f"key_{name}": row[name] for name in table.key} | {f"new_{name}": row[name] for name in table.late}
                for row in pointing
            ]
            with _misfit_as_refusal(table):
                connection.execute(change, given)


def _go_on_counting(connection: Connection, table: Table, stored: Stored) -> None:
    """The next row gets a number that no row has, nor had where the backup was made."""
    sequence = sequence_of(connection, table)
    if sequence is None:
        return
    highest = connection.scalar(select(func.max(table.clause.c[table.key[0]])))
    last = max(highest or 0, stored.last_id or 0)
    if last:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


@contextmanager
def _misfit_as_refusal(table: Table) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise DoesNotFit(
            f"A row of the table {table.name} does not fit into this database ({said}). Nothing was written."
        ) from error
