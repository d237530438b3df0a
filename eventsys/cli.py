"""The `eventsys` command."""

from __future__ import annotations

import sys

import click
from flask.cli import FlaskGroup

from eventsys import create_app
from eventsys.config import SettingsError, load_settings, with_own_secret
from eventsys.errors import Refused
from eventsys.migrating import upgrade_database, write_migration


def _app():  # type: ignore[no-untyped-def]
    return create_app(with_own_secret(load_settings()))


@click.group(cls=FlaskGroup, create_app=_app, add_default_commands=False, add_version_option=False)
def cli() -> None:
    """Events, newsletters and surveys for a city's business office."""


@cli.group()
def db() -> None:
    """The database's structure."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest version."""
    upgrade_database()


@db.command("migrate", hidden=True)
@click.argument("name")
def migrate_command(name: str) -> None:
    """Write a new migration from the models (for developers)."""
    write_migration(name)


def main() -> None:
    """Run the command; a wrong setting or a refusal is told in one line, with exit code 1."""
    try:
        cli()
    except (SettingsError, Refused) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
