"""`eventsys backup` and `eventsys restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from eventsys import audit
from eventsys.backup.file import Backup, Progress, open_backup
from eventsys.backup.restoring import Restored, restore_rows
from eventsys.backup.target import make_ready, refuse_unknown_migration
from eventsys.backup.writing import mark_of_key, refuse_a_name_in_use, snapshot, write_backup
from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db, refresh_statistics, transaction
from eventsys.errors import Busy, Refused
from eventsys.mail.delivery import doubt_waiting
from eventsys.mail.mailings.course import hold_all
from eventsys.mail.restored import note_restored, why_a_letter_is_unknown, why_a_mailing_waits
from eventsys.migrating import upgrade_database
from eventsys.privacy.erased_list import erase_again
from eventsys.staff.commands import COMMAND_LINE

IN_USE = "The database is in use and could not be had. Stop what uses it and try again. Nothing was written."


class OtherKey(Refused):
    """The file was made with another secret key than the one here. Nothing was written."""


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Write the whole database into FILE, as it stands at this moment, while the system runs.

    The file holds personal data and may be read by its owner only; the audit trail notes it. The secret key is not in
    it: keep that elsewhere.
    """
    audit.act_as(COMMAND_LINE)
    refuse_a_name_in_use(file)
    with snapshot() as taken, _bar("Writing", taken.number_of_rows()) as progress:
        manifest = write_backup(taken, file, progress)
    try:
        with transaction():
            audit.record("backup.taken_out", "backup", rows=manifest.rows)
    except Busy as error:
        raise Refused(f"{file} is written and whole, but could not be noted in the audit trail.") from error
    click.echo(f"{manifest.rows} rows of {len(manifest.tables)} tables written to {file}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--other-key", is_flag=True, help="Go on with another secret key than the file was made with.")
@click.option(
    "--erased",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list of people erased since. Default: erased.txt in the data folder.",
)
@with_appcontext
def restore_command(file: Path, other_key: bool, lists: tuple[Path, ...]) -> None:
    """Put the backup in FILE into the empty database of EVENTSYS_DATABASE_URL, of either kind: all of it or nothing.

    Afterwards no mailing and no reminder goes by itself until somebody has let the clock send again on the page Brev.
    """
    with _not_in_use(), open_backup(file) as backup:
        refuse_unknown_migration(backup.manifest.migration, backup.manifest.program)
        _refuse_another_key(backup, other_key)
        with _bar("Checking", backup.manifest.rows) as progress:
            backup.check(progress)
        make_ready(backup.manifest.migration)
        restored, letters, mailings = _restore(backup)
        upgrade_database()
    _say(backup, restored, letters, mailings)
    with transaction():
        again = erase_again(lists, backup.manifest.made_at, COMMAND_LINE, now())
    click.echo(again.words)


def _restore(backup: Backup) -> tuple[Restored, int, int]:
    made_at = backup.manifest.made_at
    audit.act_as(COMMAND_LINE)
    db.session.remove()
    with transaction(), _bar("Restoring", backup.manifest.rows) as progress:
        restored = restore_rows(backup, progress)
        refresh_statistics()
        mailings = hold_all(why_a_mailing_waits(made_at))
        letters = doubt_waiting(why_a_letter_is_unknown(made_at))
        note_restored(made_at, restored.rows, letters, mailings)
    return restored, letters, mailings


def _refuse_another_key(backup: Backup, other_key: bool) -> None:
    if backup.manifest.key != mark_of_key() and not other_key:
        raise OtherKey(
            "The backup was made with another secret key. Put that key into EVENTSYS_SECRET_KEY (or into "
            f"{settings().data_path / 'secret_key'}) and try again. If it is lost, give --other-key: everybody must "
            "sign in again, doors get new PINs, second factors must be set up anew, and noes to letters of people who "
            "were erased are not found any more. Nothing was written."
        )


def _say(backup: Backup, restored: Restored, letters: int, mailings: int) -> None:
    made_at = f"{backup.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC"
    click.echo(f"{restored.rows} rows restored, as they stood {made_at}.")
    if restored.without_nul:
        click.echo(f"{restored.without_nul} texts lost a NUL character, which PostgreSQL cannot keep.")
    click.echo(
        f"Held: {mailings} mailings are paused, and {letters} letters that waited then and may have left since are "
        "unknown. Reminders and mailings wait until staff let the clock send again (/personal/brev)."
    )


@contextmanager
def _not_in_use() -> Iterator[None]:
    try:
        yield
    except Busy as error:
        raise Refused(IN_USE) from error


@contextmanager
def _bar(label: str, length: int) -> Iterator[Progress]:
    with click.progressbar(length=length, label=label, file=sys.stderr, update_min_steps=max(1, length // 200)) as bar:
        yield bar.update
