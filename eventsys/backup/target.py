"""The database that a backup goes into: empty, used by nobody else, and at the migration that the file was made at."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from eventsys.backup.tables import VERSION_TABLE, Table, tables_of
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.leases import Lease
from eventsys.migrating import downgrade_database, upgrade_database
from eventsys.paths import MIGRATIONS

MACHINERY = ("lease", "worker", "trouble", "relay", "retention_run")
"""What running processes write by themselves, before anybody has used the system: no hindrance, and replaced."""
OLDEST = "0007"
"""Mailings are held after a restore; before this migration a mailing had no reason to show."""


class NotEmpty(Refused):
    """The database holds something, or is somebody else's. Nothing was written."""


class WrongMigration(Refused):
    """This program cannot bring a database to where the file was made, or from there on. Nothing was written."""


def known_migrations() -> list[str]:
    """Every migration that this program knows, the oldest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def version_of(connection: Connection) -> str | None:
    """The migration that the database stands at; None for one without tables of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return version


def refuse_unknown_migration(migration: str, program: str) -> None:
    """Raises WrongMigration unless a file made at this migration can be restored here."""
    known = known_migrations()
    if migration not in known:
        raise WrongMigration(
            f"The backup was made by a newer program ({program}, database {migration}); this one knows databases up "
            f"to {known[-1]}. Install the newer program and restore with that. Nothing was written."
        )
    if known.index(migration) < known.index(OLDEST):
        raise WrongMigration(
            f"The backup was made at {migration}, before {OLDEST}. Restore it with the program that made it, and run "
            "`eventsys db upgrade` with this one. Nothing was written."
        )


def make_ready(migration: str) -> None:
    """Bring an empty database to this migration. Raises NotEmpty, WrongMigration; then nothing was changed."""
    with db.engine.connect() as connection:
        version = version_of(connection)
        if version is None and inspect(connection).get_table_names():
            raise NotEmpty("The database holds tables of something else. Give another, empty one. Nothing was written.")
        if version is not None:
            refuse_unless_empty(connection, tables_of(connection))
    known = known_migrations()
    if version is not None and version not in known:
        raise WrongMigration(
            f"The database stands at {version}, which this program does not know. Nothing was written."
        )
    if version is not None and known.index(version) > known.index(migration):
        downgrade_database(migration)
    else:
        upgrade_database(migration)


def refuse_unless_empty(connection: Connection, tables: list[Table]) -> None:
    """Raises NotEmpty when anybody has used the database, or a process is at work on it now."""
    held = [one.name for one in tables if one.name not in MACHINERY and _holds_rows(connection, one)]
    if held:
        some = ", ".join(sorted(held)[:5]) + (" ..." if len(held) > 5 else "")
        raise NotEmpty(
            f"The database is not empty ({some}). A backup is only restored into an empty one: make a new database, or "
            "move the file of this one away. Nothing was written."
        )
    ends_at = connection.scalar(select(Lease.until).where(Lease.duty == "tick", Lease.until > now()))
    if ends_at is not None:
        raise NotEmpty(
            "A process is at work on this database. Stop all of them and try again in half a minute "
            f"(its lease ends {ends_at:%H:%M:%S} UTC). Nothing was written."
        )


def _holds_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table.clause).limit(1)).first() is not None
