"""`eventsys retention run`: destroy what is due, or only say what would be."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from eventsys import audit
from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.privacy.retention.protocols import protocol
from eventsys.privacy.retention.running import begin_run, go_on, unfinished_runs, what_is_due
from eventsys.staff.commands import COMMAND_LINE

retention = AppGroup("retention", help="How long personal data is kept.")


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be destroyed.")
def run_command(dry_run: bool) -> None:
    """Destroy what the rules say is due, with a protocol. Goes on first with runs that were cut off."""
    if dry_run:
        for due in what_is_due(now()):
            click.echo(f"{due.count:>8}  {due.force.category.key}  (before {local(due.before).date()})")
        return
    audit.act_as(COMMAND_LINE)
    for run_id in unfinished_runs():
        _finish(run_id)
    with transaction():
        run = begin_run(now(), COMMAND_LINE)
        run_id = run.id if run else 0
    if run is None or not run.lines:
        click.echo("Nothing is due.")
        return
    _finish(run_id)


def _finish(run_id: int) -> None:
    more = True
    while more:
        with transaction():
            more = go_on(run_id, now())
    for line in protocol(run_id).lines:
        click.echo(f"{line.destroyed:>8}  {line.category}  (before {local(line.before).date()})")
    click.echo(f"Protocol: /personal/gallring/protokoll/{run_id}")
