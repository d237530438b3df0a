"""`eventsys export`: lists as files, for scripts and for those who keep the server."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys import audit
from eventsys.database import db, transaction
from eventsys.events.attendance.exporting import attendance_file, note_export
from eventsys.events.models import Event
from eventsys.sheets import FileKind
from eventsys.staff.commands import COMMAND_LINE

MANY = 500  # rows; fewer take no time

export = AppGroup("export", help="Lists as files.")


def _kind_of(_context: click.Context, _parameter: click.Parameter, file: Path) -> Path:
    if file.suffix.lower().removeprefix(".") not in set(FileKind):
        raise click.BadParameter("The file's name must end in .xlsx or .csv.")
    return file


@export.command("attendance")
@click.argument("event")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), callback=_kind_of)
def attendance_command(event: str, file: Path) -> None:
    """Everybody registered for EVENT (its id, or the last part of its address) into FILE, by name.

    The file's ending says what it becomes: .xlsx or .csv. Diet is never in it. The audit trail notes the export.
    """
    kind = FileKind(file.suffix.lower().removeprefix("."))
    found = _event(event)
    made = attendance_file(found, kind, progress=_shown)
    audit.act_as(COMMAND_LINE)
    with transaction():
        note_export(found.id, kind, made.people)
    _write(file, made.content)
    click.echo(f"{made.people} people written to {file}")


def _event(named: str) -> Event:
    which = Event.id == int(named) if named.isascii() and named.isdigit() and len(named) < 10 else Event.slug == named
    event = db.session.execute(select(Event).options(joinedload(Event.series)).where(which)).scalar_one_or_none()
    if event is None:
        raise click.ClickException(f"There is no event {named}. Give its id, or the last part of its address.")
    return event


def _shown(rows: Any) -> Iterable[Any]:
    if len(rows) < MANY:
        yield from rows
        return
    with click.progressbar(rows, label="Writing", file=sys.stderr) as shown:
        yield from shown


def _write(file: Path, content: bytes) -> None:
    """All or nothing: a script never reads half a list. Only its owner may read it."""
    unfinished = file.with_name(f"{file.name}.part")
    try:
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(content)
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise click.ClickException(f"Cannot write {file}: {error.strerror}.") from error
