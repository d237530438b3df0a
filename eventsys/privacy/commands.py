"""`eventsys erase-again`: whoever came back with a restored backup is erased again."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from eventsys import audit
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.mail.restored import last_restored
from eventsys.privacy.erased_list import erase_again
from eventsys.staff.commands import COMMAND_LINE


@click.command("erase-again")
@click.argument("lists", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]...")
@with_appcontext
def erase_again_command(lists: tuple[Path, ...]) -> None:
    """After a restore: queue the erasing of everybody erased since the backup was made.

    FILE is a list of them, erased.txt of the data folder, or copies of it from other machines; without one, the list
    of this machine. `eventsys restore` does this too; a second time does no harm.
    """
    made_at = last_restored()
    if made_at is None:
        raise Refused("No backup has been restored into this database, so nobody has come back.")
    audit.act_as(COMMAND_LINE)
    with transaction():
        again = erase_again(lists, made_at, COMMAND_LINE, now())
    click.echo(again.words)
