"""`eventsys import guests`: a guest list from a file, as the page does it, for those who work at a terminal."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from eventsys import audit
from eventsys.clock import now
from eventsys.columns import Column, guessed, has_heading
from eventsys.database import db, transaction
from eventsys.errors import Refused
from eventsys.events.invitations.files import Line, Verdict, judged
from eventsys.events.invitations.inviting import invite
from eventsys.events.models import Event
from eventsys.staff.commands import COMMAND_LINE
from eventsys.tabular import LARGEST_FILE, read_table

_VERDICTS = {Verdict.NEW: "new", Verdict.DOUBLE: "double", Verdict.WRONG: "wrong"}


@click.command("guests")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--event", "slug", required=True, help="The event's address: the last part of /evenemang/...")
@click.option("--dry-run", is_flag=True, help="Only say, line by line, what would happen.")
@with_appcontext
def import_guests(file: Path, slug: str, dry_run: bool) -> None:
    """Put the people of a .csv or .xlsx file on an event's guest list. Columns are matched by name; nothing is sent."""
    event = _event(slug)
    lines = _lines(file, event)
    for line in lines:
        if dry_run or line.verdict is Verdict.WRONG:
            click.echo(f"{line.number:>5}  {_VERDICTS[line.verdict]:<6}  {line.shown}  {line.remark}".rstrip())
    counts = {verdict: sum(line.verdict is verdict for line in lines) for verdict in Verdict}
    click.echo(", ".join(f"{count} {_VERDICTS[verdict]}" for verdict, count in counts.items()) + ".")
    if dry_run:
        click.echo("Nothing was changed.")
        return
    _keep(event.id, lines)


def _event(slug: str) -> Event:
    found = db.session.execute(select(Event).where(Event.slug == slug)).scalar_one_or_none()
    if found is None:
        raise Refused(f"There is no event at /evenemang/{slug}.")
    return found


def _lines(file: Path, event: Event) -> list[Line]:
    with file.open("rb") as opened:
        table = read_table(opened.read(LARGEST_FILE + 1), file.name)
    where, begins = guessed(table), int(has_heading(table))
    if Column.EMAIL not in where:
        raise Refused("No column holds e-mail addresses. Give the column the heading E-post.")
    return judged(table[begins:], where, event.id, first_line=begins + 1)


def _keep(event_id: int, lines: list[Line]) -> None:
    audit.act_as(COMMAND_LINE)
    guests = [line.guest for line in lines if line.verdict is Verdict.NEW and line.guest]
    with transaction():
        done = invite(event_id, guests, now(), "Fil")
    click.echo(f"{done.new} on the guest list now, {done.registered} of them registered already. Nothing is sent.")
