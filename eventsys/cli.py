"""The `eventsys` command."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace

import click
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, with_appcontext

from eventsys import checks as checking
from eventsys import create_app, serving
from eventsys.backup.commands import backup_command, restore_command
from eventsys.companies.commands import import_companies
from eventsys.config import Settings, SettingsError, load_settings, with_own_secret
from eventsys.database import db
from eventsys.demo import SIGN_IN, fill_if_empty
from eventsys.errors import Refused
from eventsys.events.attendance.commands import export
from eventsys.events.invitations.commands import import_guests
from eventsys.health import database_version, newest_version
from eventsys.mail.bounces.commands import bounces
from eventsys.mail.catcher import running_catcher
from eventsys.mail.commands import check_mail
from eventsys.migrating import upgrade_database, write_migration
from eventsys.newsletters.subscriptions.commands import import_subscribers
from eventsys.privacy.commands import erase_again_command
from eventsys.privacy.retention.commands import retention
from eventsys.staff.commands import staff
from eventsys.tick import tick as tick_once
from eventsys.worker import run_worker


def _app() -> Flask:
    return create_app(with_own_secret(load_settings()))


cli = AppGroup(
    "eventsys",
    help="Events, newsletters and surveys for a city's business office.",
    context_settings={"obj": ScriptInfo(create_app=_app), "help_option_names": ["-h", "--help"]},
)
cli.add_command(staff)
cli.add_command(bounces)
cli.add_command(retention)
cli.add_command(backup_command)
cli.add_command(restore_command)
cli.add_command(erase_again_command)


@cli.group("import")
def import_group() -> None:
    """Take in lists from files. Try with --dry-run first."""


import_group.add_command(import_guests)
import_group.add_command(import_subscribers)
import_group.add_command(import_companies)
cli.add_command(export)

_host = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
_port = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))


# --- processes ----------------------------------------------------------------------------------------------------


@cli.command(with_appcontext=False)
@_host
@_port
@click.option("--demo", is_flag=True, help="Fill an empty database with demonstration data first.")
def serve(host: str, port: int, demo: bool) -> None:
    """Web, worker, clock and letter catcher in one process, until Ctrl-C."""
    settings = with_own_secret(_served_at(load_settings(), port))
    with running_catcher(settings) as served:
        app = create_app(served)
        with app.app_context():
            upgrade_database()
            if demo:
                _refuse_demo_in_production(served)
                fill_if_empty()
        stop = serving.Stop()
        with (
            serving.running_worker(app, served.smtp_connections),
            serving.running_clock(app),
            serving.running_web(app, host, port) as web,
        ):
            _greet(served, host, web.port, demo)
            stop.wait()
            click.echo("Stopping.")


def _served_at(settings: Settings, port: int) -> Settings:
    """Links lead to the port we serve on, unless the public address was given."""
    is_default = settings.base_url == Settings().base_url
    return replace(settings, base_url=f"http://127.0.0.1:{port}") if is_default and port else settings


def _greet(settings: Settings, host: str, port: int, demo: bool) -> None:
    click.echo(f"\n  Pages     http://{host}:{port}/\n  Staff     http://{host}:{port}/personal")
    if demo:
        click.echo(f"  Sign in   {SIGN_IN.email}  {SIGN_IN.password}   (demonstration only)")
    if not load_settings().smtp_url:
        click.echo(f"  Letters   {settings.data_path / 'letters'}  and  http://{host}:{port}/personal/brev/fangade")
    click.echo("  Ctrl-C ends it.\n")


@cli.command(with_appcontext=False)
@_host
@_port
def web(host: str, port: int) -> None:
    """Only the web pages; workers and clock run elsewhere."""
    app = create_app(load_settings())
    stop = serving.Stop()
    with serving.running_web(app, host, port) as running:
        click.echo(f"Listening on http://{host}:{running.port}")
        stop.wait()


@cli.command(with_appcontext=False)
@click.option("--threads", default=serving.WORKER_THREADS, show_default=True, type=click.IntRange(1, 64))
def worker(threads: int) -> None:
    """Only a worker, on Redis or RabbitMQ (EVENTSYS_BROKER_URL)."""
    run_worker(load_settings(), threads)


@cli.command(with_appcontext=False)
@click.option("--loop", is_flag=True, help="Go on until stopped; without it, look once.")
def tick(loop: bool) -> None:
    """Look for what is due and ring the workers."""
    app = create_app(load_settings())
    if not loop:
        with app.app_context():
            tick_once()
        return
    stop = serving.Stop()
    with serving.running_clock(app):
        stop.wait()


# --- the database -------------------------------------------------------------------------------------------------


@cli.group("db")
def db_group() -> None:
    """The database's structure."""


@db_group.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest version."""
    upgrade_database()


@db_group.command("check")
def check_database_command() -> None:
    """Say whether the database is at the newest version; exit code 1 when it is not."""
    problem = checking.database_problem(database_version, newest_version)
    click.echo(problem or "The database is at the newest version.")
    sys.exit(1 if problem else 0)


@db_group.command("migrate", hidden=True)
@click.argument("name")
def migrate_command(name: str) -> None:
    """Write a new migration from the models (for developers)."""
    write_migration(name)


@cli.command()
def demo() -> None:
    """Fill an empty database with demonstration data: invented companies, events of every kind, people."""
    _refuse_demo_in_production(current_app.extensions["eventsys_settings"])
    upgrade_database()
    if not fill_if_empty():
        raise Refused("The database is not empty. Demonstration data is only put into an empty one.")
    click.echo(f"Filled. Sign in as {SIGN_IN.email} with {SIGN_IN.password}")


def _refuse_demo_in_production(settings: Settings) -> None:
    if settings.served_securely:
        raise Refused(
            "EVENTSYS_BASE_URL begins with https://, so this looks like production. Demonstration data opens accounts "
            "whose password everybody knows, and is not put here."
        )


# --- checks -------------------------------------------------------------------------------------------------------


@cli.group(invoke_without_command=True)
@click.option("--settings", "list_settings", is_flag=True, help="List every setting, its value and what it is for.")
@click.pass_context
@with_appcontext
def check(context: click.Context, list_settings: bool) -> None:
    """Say in plain words everything that would stop production; exit code 1 when anything would."""
    if context.invoked_subcommand:
        return
    settings: Settings = current_app.extensions["eventsys_settings"]
    if list_settings:
        click.echo(checking.settings_table(settings))
        return
    problems = checking.problems(settings)
    for problem in problems:
        click.echo(f"- {problem}")
    click.echo(f"{len(problems)} to mend." if problems else "Nothing stands in the way.")
    db.session.remove()
    sys.exit(1 if problems else 0)


check.add_command(check_mail)


def main() -> None:
    """Run the command; a wrong setting or a refusal is told in one line, with exit code 1."""
    try:
        cli()
    except (SettingsError, Refused) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    finally:
        gc.freeze()  # the interpreter's last collection over all libraries takes 1.5 s and finds nothing of use


if __name__ == "__main__":
    main()
