"""Bring the database to the newest version, and make new versions."""

from __future__ import annotations

from flask_migrate import downgrade, migrate, upgrade

from eventsys.paths import MIGRATIONS


def upgrade_database(revision: str = "head") -> None:
    """Run the migrations up to this one that the database has not seen. Safe to call when there are none."""
    upgrade(directory=str(MIGRATIONS), revision=revision)


def downgrade_database(revision: str) -> None:
    downgrade(directory=str(MIGRATIONS), revision=revision)


def write_migration(name: str) -> None:
    """Write the next numbered migration from the difference between models and database."""
    numbers = [int(path.name[:4]) for path in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")]
    migrate(directory=str(MIGRATIONS), message=name, rev_id=f"{max(numbers, default=0) + 1:04d}")
