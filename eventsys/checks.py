"""`eventsys check`: everything that would stop production, in plain words."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import fields
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from eventsys.config import Settings, load_settings, variable_of
from eventsys.documents import draws_pdf
from eventsys.health import database_version, newest_version
from eventsys.mail.bounces.mailboxes import MailboxTrouble, open_mailbox
from eventsys.mail.signing import SigningTrouble, signer_of
from eventsys.staff.issuer import issuer_problem

IS_SET = "(set)"


def problems(settings: Settings) -> list[str]:
    """What is missing or wrong, each with what to do; empty when production can begin."""
    of_settings = (_address, _letters, _processes, _sign_in)
    return [*(one for asked in of_settings for one in asked(settings)), *_database(), *_libraries()]


def _address(settings: Settings) -> Iterator[str]:
    if not settings.served_securely:
        yield f"EVENTSYS_BASE_URL is {settings.base_url}. Give the public address, beginning with https://"
    if not load_settings().secret_key:
        yield "EVENTSYS_SECRET_KEY is not set. Give a long random text, the same for every process."


def _letters(settings: Settings) -> Iterator[str]:
    if "localhost" in settings.mail_from:
        yield "EVENTSYS_MAIL_FROM is not set. Give the sender of all letters: Name <address@your-domain.se>"
    try:
        signer_of(settings)
    except SigningTrouble as trouble:
        yield str(trouble)
    if settings.bounce_mailbox_url:
        yield from _bounces(settings.bounce_mailbox_url)
    if not settings.smtp_url:
        yield "EVENTSYS_SMTP_URL is not set. Give the mail relay; without it `eventsys serve` only catches letters."
        return
    relay = urlsplit(settings.smtp_url)
    try:
        socket.create_connection((relay.hostname or "", relay.port or 25), timeout=5).close()
    except OSError as error:
        yield f"The mail relay {relay.hostname} does not answer ({error}). Check EVENTSYS_SMTP_URL and the firewall."


def _bounces(url: str) -> Iterator[str]:
    try:
        with open_mailbox(url):
            pass
    except MailboxTrouble as trouble:
        yield str(trouble)


def _processes(settings: Settings) -> Iterator[str]:
    if settings.sqlalchemy_url.startswith("sqlite") and settings.broker_url:
        yield "Workers of their own need PostgreSQL. Set EVENTSYS_DATABASE_URL, or run everything by `eventsys serve`."


def _sign_in(settings: Settings) -> Iterator[str]:
    given = {
        "EVENTSYS_OIDC_ISSUER": settings.oidc_issuer,
        "EVENTSYS_OIDC_CLIENT_ID": settings.oidc_client_id,
        "EVENTSYS_OIDC_CLIENT_SECRET": settings.oidc_client_secret,
    }
    missing = [name for name, value in given.items() if not value]
    if 0 < len(missing) < len(given):
        yield f"Sign-in by OpenID Connect is half set: give {' and '.join(missing)} too, or none of the three."
    elif settings.uses_oidc and (problem := issuer_problem()):
        yield f"Nobody can sign in by OpenID Connect: {problem}. Check EVENTSYS_OIDC_ISSUER, or set it to nothing."


def _database() -> Iterator[str]:
    problem = database_problem(database_version, newest_version)
    if problem:
        yield problem


def database_problem(stands_at: Callable[[], str | None], newest: Callable[[], str | None]) -> str:
    """What is wrong with the database, or an empty text."""
    try:
        version = stands_at()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        return f"The database cannot be used ({reason}). Check EVENTSYS_DATABASE_URL and run `eventsys db upgrade`."
    if version != newest():
        return f"The database stands at {version}, the program at {newest()}. Run `eventsys db upgrade`."
    return ""


def _libraries() -> Iterator[str]:
    if not draws_pdf():
        yield "PDF cannot be drawn: the library pango is missing. Install libpango-1.0-0 and libpangoft2-1.0-0."


def settings_table(settings: Settings) -> str:
    """Every setting: variable, value in force (secrets only as set or not), what it is for."""
    return "\n\n".join(
        f"{variable_of(one)} = {_shown(settings, one.name, one.metadata['secret'])}\n    {one.metadata['purpose']}"
        for one in fields(settings)
    )


def _shown(settings: Settings, name: str, secret: bool) -> str:
    value = getattr(settings, name)
    return IS_SET if secret and value else repr(value)
