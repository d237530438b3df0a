"""`eventsys import companies`: a file of any format, as the page does it, for files that are too large to upload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext

from eventsys import audit
from eventsys.clock import now
from eventsys.columns import Column, has_heading
from eventsys.companies.imports import applying, queries, reading
from eventsys.companies.imports.opening import format_of, own_table
from eventsys.companies.imports.own import guessed_columns
from eventsys.companies.imports.receiving import (
    SNI_VERSIONS,
    begin_import,
    begin_own_import,
    delete_file,
    keep_table,
    path_of,
)
from eventsys.companies.models import Import, ImportFormat, Verdict
from eventsys.companies.words import REASONS
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.staff.commands import COMMAND_LINE

AUTO = "auto"
_FORMATS = [AUTO, *(one.value for one in ImportFormat)]
_VERDICTS = {
    Verdict.NEW: "new", Verdict.CHANGED: "changed", Verdict.SAME: "unchanged", Verdict.REFUSED: "refused",
    Verdict.PASSED_OVER: "passed over",
}  # fmt: skip


@click.command("companies")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "wanted", type=click.Choice(_FORMATS), default=AUTO, show_default=True, help="Whose file.")
@click.option("--sni", type=click.Choice(SNI_VERSIONS), default=SNI_VERSIONS[0], show_default=True, help="SNI version.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@with_appcontext
def import_companies(file: Path, wanted: str, sni: str, dry_run: bool) -> None:
    """Take in companies: a list of our own (.csv, .xlsx), or the bulk file of Bolagsverket or SCB, plain or zipped."""
    audit.act_as(COMMAND_LINE)
    kind = format_of(file)
    if wanted not in (AUTO, kind.value):
        raise Refused(f"The file is not what --format says: it looks like {kind.value}.")
    taken = _begun(file, kind, sni)
    try:
        _read(taken, file.name)
        if not dry_run:
            _apply(taken.id)
    except BaseException as error:
        with transaction():
            reading.fail(taken.id, str(error) if isinstance(error, Refused) else "Avbröts på kommandoraden.", now())
            reading.cancel(taken.id, now())
        raise
    _say(queries.import_by_id(taken.id), every=dry_run)
    if dry_run:
        with transaction():
            reading.cancel(taken.id, now(), "Prövades på kommandoraden.")
        click.echo("Nothing was changed.")


def _begun(file: Path, kind: ImportFormat, sni: str) -> reading.Taken:
    """The import, noted and taken on at once, so that no worker takes it."""
    path = file
    if kind is ImportFormat.OWN:
        table = own_table(file, file.name)
        where, heads = guessed_columns(table), has_heading(table)
        if Column.COMPANY not in where:
            raise Refused("No column holds the companies' names. Give the column the heading Företag.")
        key = keep_table(table)
        path = path_of(key)
    with transaction():
        if kind is ImportFormat.OWN:
            noted = begin_own_import(path, key, file.name, COMMAND_LINE, now(), where, heads, sni)
        else:
            noted = begin_import(path, "", file.name, COMMAND_LINE, now(), sni)
        taken = reading.take(noted.id, now(), path)
        if taken is None:
            delete_file(noted.file_key)
            raise reading.ImportBusy("Another import is being read or taken in. Try again when it is done.")
    return taken


def _read(taken: reading.Taken, name: str) -> None:
    size = max(1, queries.import_by_id(taken.id).size)
    with click.progressbar(length=size, label=f"Reading {name}") as bar:
        _in_portions(taken, lambda read_so_far: bar.update(read_so_far - bar.pos))
        bar.update(size - bar.pos)
    with transaction():
        reading.finish(taken, now())
    if taken.format is ImportFormat.OWN:
        delete_file(taken.path.name)


def _in_portions(taken: reading.Taken, tell: Callable[[int], None]) -> None:
    for portion in reading.portions(taken):
        with transaction():
            tell(reading.keep(taken, portion, now()).read_so_far)


def _apply(import_id: int) -> None:
    with transaction():
        applying.confirm(import_id)
        given = applying.take(import_id, now())
        if given is None:
            raise reading.ImportBusy("Another import is being taken in. Try again when it is done.")
    with transaction():
        applying.take_in(given, now())


def _say(found: Import, every: bool) -> None:
    for line in queries.every_line(found.id):
        if every or line.verdict is Verdict.REFUSED:
            click.echo(f"{line.line:>8}  {_VERDICTS[line.verdict]:<11}  {line.name}  {line.remark}".rstrip())
    click.echo(
        f"{found.lines} lines: " + ", ".join(f"{_of(found, one)} {word}" for one, word in _VERDICTS.items()) + "."
    )
    for reason in REASONS:
        if number := found.counts.get(f"{Verdict.PASSED_OVER.value}:{reason}", 0):
            click.echo(f"  passed over, {reason.replace('_', ' ')}: {number}")


def _of(found: Import, verdict: Verdict) -> int:
    return found.counts.get(verdict.value, 0)
