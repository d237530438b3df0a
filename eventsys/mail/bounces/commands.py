"""`eventsys bounces`: fetching what came back by hand."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from eventsys.config import SettingsError, settings
from eventsys.mail.bounces.fetching import fetch
from eventsys.mail.bounces.phrases import Kind

bounces = AppGroup("bounces", help="Letters that came back.")

_SAID = {
    Kind.ADDRESS_WRONG: "addresses that do not exist",
    Kind.LATER: "full, closed or away for now",
    Kind.REFUSED_US: "servers that refuse us: check SPF and DKIM with `eventsys check mail`",
    Kind.COMPLAINT: "complaints",
    Kind.AUTO_REPLY: "automatic answers",
    Kind.NOT_A_BOUNCE: "letters from people, flagged and left in the mailbox",
}


@bounces.command("fetch")
def fetch_command() -> None:
    """Read the mailbox of EVENTSYS_BOUNCE_MAILBOX_URL once; exit code 1 when it cannot be read."""
    url = settings().bounce_mailbox_url
    if not url:
        raise SettingsError(
            "EVENTSYS_BOUNCE_MAILBOX_URL is not set. Give imaps://user:password@host/INBOX or maildir:///path"
        )
    fetched = fetch(url)
    for kind, number in sorted(fetched.items()):
        click.echo(f"{number:6} {_SAID[kind]}")
    click.echo(f"{fetched.total():6} new")
