"""What every test stands on: the application on a real, empty database, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventsys import create_app
from eventsys.config import Settings
from eventsys.database import Base, db
from eventsys.limits import limiter
from eventsys.migrating import upgrade_database
from tests import servers
from tests.factories import in_days

DATABASES = ("sqlite", "postgresql")


def pytest_sessionstart() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not walk over it again and again.

    It also begins less often. Together that is a tenth of the processor time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def settings_for_tests(database_url: str, folder: Path, **given: object) -> Settings:
    """Settings of an application in a test: generous limits, letters from an address of our own."""
    values = {
        "database_url": database_url,
        "data_dir": str(folder),
        "secret_key": "only-for-tests",
        "mail_from": "Näringslivsenheten <naringsliv@boras.example>",
        "rate_limit_registrations": "100000 per minute",
        "rate_limit_sign_in": "100000 per minute",
        "log_level": "ERROR",
    }
    return Settings(**{**values, **given})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def database_urls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of one empty database of each kind for this test process; PostgreSQL starts when first asked for."""
    return {"sqlite": f"sqlite:///{_memory_folder(tmp_path_factory) / 'test.sqlite3'}"}


def _memory_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in memory where the machine has one: thousands of tests need not wait for the disk.

    Power cuts have tests of their own, with files on disk.
    """
    in_memory = Path("/dev/shm")
    if not in_memory.is_dir():
        return tmp_path_factory.mktemp("sqlite")
    return servers.new_folder("sqlite", inside=str(in_memory))


@pytest.fixture(scope="session")
def apps() -> Iterator[dict[str, Flask]]:
    """The applications made so far, by kind of database; their connections are closed when the run ends."""
    made: dict[str, Flask] = {}
    yield made
    for an_app in made.values():
        with an_app.app_context():
            db.session.remove()
            db.engine.dispose()


def app_on(kind: str, apps: dict[str, Flask], urls: dict[str, str], folders: pytest.TempPathFactory) -> Flask:
    """The session's application on this kind of database, migrated from zero when first used."""
    if kind not in apps:
        if kind == "postgresql" and kind not in urls:
            urls[kind] = servers.new_database(servers.postgres_server())
        app = create_app(settings_for_tests(urls[kind], folders.mktemp("data")))
        app.testing = True
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            upgrade_database()
        apps[kind] = app
    return apps[kind]


@pytest.fixture(params=DATABASES)
def app(
    request: pytest.FixtureRequest,
    apps: dict[str, Flask],
    database_urls: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The application inside its context, on an empty database; the test runs once per kind of database."""
    the_app = app_on(request.param, apps, database_urls, tmp_path_factory)
    with the_app.app_context():
        yield the_app
        db.session.remove()
        left_open = end_what_was_left_open()
        empty_database()
    forget(the_app)
    assert not left_open, "the test left a transaction open, and its locks would have kept later tests waiting"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """It is noon in Borås, and the clock goes on from there: what begins soon begins today, whatever the hour."""
    with time_machine.travel(in_days(0, hour=12), tick=True) as traveller:
        yield traveller


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def end_what_was_left_open() -> list[str]:
    """What connections to PostgreSQL that still have a transaction open did last; each is ended."""
    if db.engine.dialect.name != "postgresql":
        return []
    others = (
        "SELECT pg_terminate_backend(pid), application_name, state, query FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL "
        "AND backend_type = 'client backend'"  # PostgreSQL cleans up by itself meanwhile
    )
    with db.engine.begin() as connection:
        return [f"{row.application_name} {row.state}: {row.query}" for row in connection.exec_driver_sql(others)]


def empty_database() -> None:
    """Delete every row of every table."""
    with db.engine.begin() as connection:
        deletes = [f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables)]
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("; ".join(deletes))
            return
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for delete in deletes:
            connection.exec_driver_sql(delete)


def forget(app: Flask) -> None:
    """Forget what an application keeps in memory: counted tries, kept pages, messages nobody took."""
    limiter.reset()
    app.extensions.pop("eventsys_pages", None)
    app.extensions.pop("eventsys_identity", None)
    app.extensions["eventsys_broker"].flush_all()


@pytest.fixture
def app_once(apps: dict[str, Flask], database_urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application for what has nothing to do with the kind of database."""
    return app_on("sqlite", apps, database_urls, tmp_path_factory)
