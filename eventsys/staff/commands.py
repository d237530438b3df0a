"""`eventsys staff`: the first administrator, and help for one who is locked out."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from eventsys import audit
from eventsys.database import transaction
from eventsys.forms import normal_email, squeeze
from eventsys.i18n import link
from eventsys.staff import accounts, second_factor
from eventsys.staff.models import Account, Role
from eventsys.staff.passwords import check_password, hash_password
from eventsys.staff.queries import account_by_email

staff = AppGroup("staff", help="Accounts of the people who work here.")

COMMAND_LINE = "kommandoraden"

_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of printing a link."
)


def _email(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return normal_email(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@staff.command("add")
@click.argument("email", callback=_email)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What the person may do.")
@click.option("--name", default="", help="The person's name. Without it, the first part of the address.")
@_from_stdin
def add_command(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Make an account and print a link where its password is chosen (holds for 7 days); no letter is sent."""
    password_hash = _read_password(email) if password_stdin else ""
    audit.act_as(COMMAND_LINE)
    with transaction():
        account = accounts.prepare_account(email, squeeze(name) or email.partition("@")[0], Role(role))
        token = _open(account, password_hash)
    _tell(account, token)


@staff.command("password")
@click.argument("email", callback=_email)
@_from_stdin
def password_command(email: str, password_stdin: bool) -> None:
    """Print a link where the account chooses a new password. The link holds for an hour."""
    password_hash = _read_password(email) if password_stdin else ""
    audit.act_as(COMMAND_LINE)
    with transaction():
        account = account_by_email(email)
        if account is None or account.closed_at:
            raise click.ClickException(f"There is no open account of {email}. Make one with: eventsys staff add")
        token = _open(account, password_hash)
    _tell(account, token)


@staff.command("second-factor-off")
@click.argument("email", callback=_email)
def second_factor_off_command(email: str) -> None:
    """Ask this account for no more codes: for somebody who has lost phone and recovery codes."""
    audit.act_as(COMMAND_LINE)
    with transaction():
        account = account_by_email(email)
        if account is None or not account.has_second_factor:
            raise click.ClickException(f"There is no account of {email} that is asked for codes.")
        second_factor.take_off(account.id, by=None)
    click.echo(f"{email} signs in with the password alone, and is signed out everywhere.")


def _read_password(email: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    check_password(password, email)
    return hash_password(password)


def _open(account: Account, password_hash: str) -> str:
    """Set the password, or give a link to one; returns its token or ""."""
    if password_hash:
        accounts.change_password(account.id, password_hash)
        return ""
    return accounts.new_link(account, accounts.RESET_HOLDS if account.password_hash else accounts.INVITATION_HOLDS)


def _tell(account: Account, token: str) -> None:
    if not token:
        click.echo(f"{account.email} can sign in as {account.role.value}.")
        return
    click.echo(f"{account.email} is {account.role.value}. The password is chosen here, once:")
    click.echo(link("staff.show_password_link", token=token))
