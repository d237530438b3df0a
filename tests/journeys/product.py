"""The whole product for a test: an app on a fresh database, and its parts as threads here or as processes."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask import Flask

from eventsys import create_app
from eventsys.config import Settings, variable_of
from eventsys.database import db
from eventsys.migrating import upgrade_database
from tests import servers
from tests.conftest import settings_for_tests

_numbers = itertools.count(1)


def fresh_settings(kind: str, folder: Path, **given: object) -> Settings:
    """Settings of a product of its own, on an empty database at the newest version."""
    url = new_database_url(kind, folder)
    settings = settings_for_tests(url, folder, tick_seconds=1, **given)
    with app_of(settings):
        upgrade_database()
    return settings


def new_database_url(kind: str, folder: Path) -> str:
    if kind == "postgresql":
        return servers.new_database(servers.postgres_server())
    return f"sqlite:///{folder / f'product{next(_numbers)}.sqlite3'}"


@contextlib.contextmanager
def app_of(settings: Settings) -> Iterator[Flask]:
    """An application on these settings, inside its context; its connections are closed afterwards.

    Its own broker and limits stay in memory: the limiter is one for all applications of this test process.
    """
    app = create_app(replace(settings, broker_url=""))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def environment(settings: Settings, **given: object) -> dict[str, object]:
    """The settings as a process reads them from its environment."""
    values = {variable_of(field): getattr(settings, field.name) for field in settings.__dataclass_fields__.values()}
    return {name: value for name, value in values.items() if value != ""} | given


def process(*args: object, settings: Settings, port: int = 0, **given: object) -> servers.ServerProcess:
    """`eventsys ARGS` as a process; with a port it counts as started when it answers there."""
    where = ("--port", port) if port else ()
    health = f"http://127.0.0.1:{port}/readyz" if port else None
    program = [sys.executable, "-m", "eventsys.cli"]
    return servers.ServerProcess(*args, *where, env=environment(settings, **given), health=health, program=program)


def served_at(settings: Settings, port: int) -> Settings:
    return replace(settings, base_url=f"http://127.0.0.1:{port}")


def letters_in(folder: Path) -> list[Path]:
    """The caught letters, oldest first."""
    return sorted((folder / "letters").glob("*.eml")) if os.path.isdir(folder / "letters") else []
