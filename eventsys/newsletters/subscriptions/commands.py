"""`eventsys import subscribers`: a list with a ground, as the page does it, for those who work at a terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from flask.cli import with_appcontext

from eventsys import audit
from eventsys.clock import now
from eventsys.columns import Column, guessed, has_heading
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.importing import COLUMNS, Line, Verdict, judged, take_in
from eventsys.staff.commands import COMMAND_LINE
from eventsys.tabular import LONG_LIST, read_table

_VERDICTS = {
    Verdict.NEW: "new",
    Verdict.THERE: "there",
    Verdict.LEFT: "left",
    Verdict.REFUSED: "refused",
    Verdict.SUPPRESSED: "suppressed",
    Verdict.WRONG: "wrong",
}


@click.command("subscribers")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--ground", default="", help="Why we may write to them, kept with each: 'Customers of the fair 2026'.")
@click.option("--list", "key", default=FORETAGSAMT, show_default=True, help="Which letters: foretagsamt or serie:ID.")
@click.option("--dry-run", is_flag=True, help="Only say, line by line, what would happen.")
@with_appcontext
def import_subscribers(file: Path, ground: str, key: str, dry_run: bool) -> None:
    """Subscribe the people of a .csv or .xlsx file. Columns are matched by name. Who has left stays left."""
    with file.open("rb") as opened:
        table = read_table(opened.read(LONG_LIST.bytes + 1), file.name, LONG_LIST)
    found, begins = guessed(table), int(has_heading(table))
    where = {column: number for column, number in found.items() if column in COLUMNS}
    if Column.EMAIL not in where:
        raise Refused("No column holds e-mail addresses. Give the column the heading E-post.")
    if dry_run:
        _say(judged(table[begins:], where, key, begins + 1), every=True)
        click.echo("Nothing was changed.")
        return
    audit.act_as(COMMAND_LINE)
    with transaction():
        lines = take_in(table[begins:], where, key, ground, now(), begins + 1)
    _say(lines, every=False)


def _say(lines: list[Line], every: bool) -> None:
    for line in lines:
        if every or line.verdict is Verdict.WRONG:
            click.echo(f"{line.number:>5}  {_VERDICTS[line.verdict]:<10}  {line.shown}  {line.remark}".rstrip())
    counts = Counter(line.verdict for line in lines)
    click.echo(", ".join(f"{counts[verdict]} {word}" for verdict, word in _VERDICTS.items()) + ".")
