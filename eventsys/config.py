"""Every setting: its environment variable, its default and what it is for. Nothing else reads the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from email.utils import getaddresses
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app


class SettingsError(Exception):
    """A setting is wrong or missing; the text names the variable and what to do."""


def _setting(env: str, default: Any, purpose: str, secret: bool = False) -> Any:
    return field(default=default, metadata={"env": env, "purpose": purpose, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """All settings, typed. `Settings()` holds the defaults; `load_settings()` reads the environment."""

    database_url: str = _setting(
        "EVENTSYS_DATABASE_URL",
        "",
        "The database. Empty: SQLite in the data folder. Production: postgresql+psycopg://user:password@host/name",
        secret=True,
    )
    broker_url: str = _setting(
        "EVENTSYS_BROKER_URL",
        "",
        "Where jobs are handed to workers. Empty: inside this process. redis://host:6379/0 or amqp://user:password@host",
        secret=True,
    )
    smtp_url: str = _setting(
        "EVENTSYS_SMTP_URL",
        "",
        "The mail relay. Empty: the local letter catcher (only in `eventsys serve`). "
        "smtp://user:password@host:587?starttls=required or smtps://user:password@host",
        secret=True,
    )
    smtp_connections: int = _setting(
        "EVENTSYS_SMTP_CONNECTIONS", 4, "How many connections to the relay a worker keeps open."
    )
    smtp_per_minute: int = _setting(
        "EVENTSYS_SMTP_PER_MINUTE", 0, "Most letters a minute to the relay, all processes together. 0: no limit."
    )
    smtp_per_day: int = _setting(
        "EVENTSYS_SMTP_PER_DAY", 0, "Most letters a day (Swedish time) to the relay. 0: no limit."
    )
    mail_from: str = _setting(
        "EVENTSYS_MAIL_FROM", "Näringslivsenheten <naringsliv@localhost>", "The sender of all letters: Name <address>."
    )
    mail_reply_to: str = _setting("EVENTSYS_MAIL_REPLY_TO", "", "Where answers go, when not to the sender.")
    bounce_address: str = _setting(
        "EVENTSYS_BOUNCE_ADDRESS",
        "",
        "Envelope sender. With bounce@example.se, letters leave as bounce+TOKEN@example.se.",
    )
    bounce_mailbox_url: str = _setting(
        "EVENTSYS_BOUNCE_MAILBOX_URL",
        "",
        "Where bounces are read: imaps://user:password@host/INBOX or maildir:///path.",
        secret=True,
    )
    dkim_domain: str = _setting(
        "EVENTSYS_DKIM_DOMAIN", "", "Sign letters for this domain. Empty: the relay signs them, or nobody."
    )
    dkim_selector: str = _setting("EVENTSYS_DKIM_SELECTOR", "", "The selector under which DNS holds the public key.")
    dkim_key_file: str = _setting("EVENTSYS_DKIM_KEY_FILE", "", "The file with the private key: RSA, PEM.")
    base_url: str = _setting(
        "EVENTSYS_BASE_URL",
        "http://127.0.0.1:8000",
        "The public address, used in every link, never the request's Host.",
    )
    secret_key: str = _setting(
        "EVENTSYS_SECRET_KEY",
        "",
        "Signs sessions and forms, seals secrets. `eventsys serve` makes one and keeps it in the data folder.",
        secret=True,
    )
    data_dir: str = _setting("EVENTSYS_DATA_DIR", "var", "The folder for the database, caught letters and uploads.")
    oidc_issuer: str = _setting("EVENTSYS_OIDC_ISSUER", "", "Sign-in by OpenID Connect. Empty: passwords only.")
    oidc_client_id: str = _setting("EVENTSYS_OIDC_CLIENT_ID", "", "This application's name at the issuer.")
    oidc_client_secret: str = _setting("EVENTSYS_OIDC_CLIENT_SECRET", "", "This application's secret.", secret=True)
    oidc_emails: str = _setting(
        "EVENTSYS_OIDC_EMAILS",
        "verified",
        "verified: an account is found by an address that the issuer calls verified. "
        "trusted: also when it says nothing about that (Entra ID); only for an issuer of your own organisation.",
    )
    second_factor: str = _setting(
        "EVENTSYS_SECOND_FACTOR",
        "optional",
        "Codes from an app when signing in by password. optional: who wants to. required: everybody.",
    )
    trusted_proxies: int = _setting(
        "EVENTSYS_TRUSTED_PROXIES", 0, "How many proxies in front set X-Forwarded-For and -Proto. 0: none is believed."
    )
    rate_limit_registrations: str = _setting(
        "EVENTSYS_RATE_LIMIT_REGISTRATIONS",
        "60 per minute",
        "Most forms sent from one address to the public pages (a whole office or fair may share one).",
    )
    rate_limit_answers: str = _setting(
        "EVENTSYS_RATE_LIMIT_ANSWERS",
        "600 per minute",
        "Most answers to open surveys from one address (a whole audience may share one).",
    )
    rate_limit_sign_in: str = _setting(
        "EVENTSYS_RATE_LIMIT_SIGN_IN", "20 per minute", "Most tries to sign in from one address."
    )
    tick_seconds: int = _setting("EVENTSYS_TICK_SECONDS", 5, "How often the clock looks for what is due.")
    metrics_token: str = _setting(
        "EVENTSYS_METRICS_TOKEN",
        "",
        "Opens /metrics as a bearer token. Empty: only from this machine, when no proxy is in front.",
        secret=True,
    )
    metrics_folder: str = _setting(
        "PROMETHEUS_MULTIPROC_DIR",
        "",
        "Where the web processes behind one address count together for /metrics. Empty: each for itself.",
    )
    alarm_to: str = _setting(
        "EVENTSYS_ALARM_TO",
        "",
        "Addresses, parted by commas, that letters about troubles go to. Empty: all administrators.",
    )
    log_level: str = _setting("EVENTSYS_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR.")

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).resolve()

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_path / 'eventsys.sqlite3'}"

    @property
    def uses_oidc(self) -> bool:
        return bool(self.oidc_issuer and self.oidc_client_id and self.oidc_client_secret)

    @property
    def served_securely(self) -> bool:
        return self.base_url.startswith("https://")


def variable_of(a_field: Field[Any]) -> str:
    return cast(str, a_field.metadata["env"])


def load_settings(environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Read the settings from the environment; `given` wins over it.

    Raises SettingsError naming the variable and what to do when a value cannot be read or makes no sense.
    """
    environ = os.environ if environ is None else environ
    values = {
        a_field.name: _parse(a_field, environ[variable_of(a_field)])
        for a_field in fields(Settings)
        if environ.get(variable_of(a_field), "") != ""
    }
    settings = Settings(**{**values, **given})
    _check(settings)
    return settings


def _parse(a_field: Field[Any], text: str) -> Any:
    name = variable_of(a_field)
    if isinstance(a_field.default, int):
        if not (text.strip().isascii() and text.strip().isdigit()):
            raise SettingsError(f"{name} is {text!r}. Give a whole number, 0 or more.")
        return int(text)
    return text.strip()


def _check(settings: Settings) -> None:
    base = urlsplit(settings.base_url)
    if base.scheme not in {"http", "https"} or not base.netloc or base.path not in {"", "/"}:
        raise SettingsError(
            f"EVENTSYS_BASE_URL is {settings.base_url!r}. Give scheme and host only, such as https://event.example.se"
        )
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in {"smtp", "smtps"}:
        raise SettingsError("EVENTSYS_SMTP_URL must begin with smtp:// or smtps://")
    if settings.broker_url and urlsplit(settings.broker_url).scheme not in {"redis", "rediss", "amqp", "amqps"}:
        raise SettingsError(
            "EVENTSYS_BROKER_URL must begin with redis:// or amqp:// (or be empty: jobs in this process)."
        )
    if not settings.sqlalchemy_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("EVENTSYS_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
    if settings.second_factor not in {"optional", "required"}:
        raise SettingsError(f"EVENTSYS_SECOND_FACTOR is {settings.second_factor!r}. Give optional or required.")
    if settings.oidc_emails not in {"verified", "trusted"}:
        raise SettingsError(f"EVENTSYS_OIDC_EMAILS is {settings.oidc_emails!r}. Give verified or trusted.")
    if settings.smtp_connections < 1:
        raise SettingsError("EVENTSYS_SMTP_CONNECTIONS is 0. Give at least 1.")
    if settings.alarm_to and not all("@" in address for _, address in getaddresses([settings.alarm_to])):
        raise SettingsError("EVENTSYS_ALARM_TO must be addresses parted by commas: it@example.se, Jour <j@example.se>")


def with_own_secret(settings: Settings) -> Settings:
    """The same settings with a secret key: the given one, or one made once and kept in the data folder."""
    if settings.secret_key:
        return settings
    keeper = settings.data_path / "secret_key"
    keeper.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(keeper, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return replace(settings, secret_key=keeper.read_text(encoding="ascii").strip())


def settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.extensions["eventsys_settings"])
