"""What every test stands on: the application on a real, empty database, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from eventsys import create_app
from eventsys.config import Settings
from eventsys.database import Base, db
from eventsys.limits import limiter
from eventsys.migrating import upgrade_database
from tests import servers

DATABASES = ("sqlite", "postgresql")


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
    return {"sqlite": f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.sqlite3'}"}


@pytest.fixture(scope="session")
def apps() -> Iterator[dict[str, Flask]]:
    """The applications made so far, by kind of database; their connections are closed when the run ends."""
    made: dict[str, Flask] = {}
    yield made
    for an_app in made.values():
        with an_app.app_context():
            db.session.remove()
            db.engine.dispose()


def app_on(kind: str, apps: dict[str, Flask], urls: dict[str, str], folder: Path) -> Flask:
    """The session's application on this kind of database, migrated from zero when first used."""
    if kind not in apps:
        if kind == "postgresql" and kind not in urls:
            urls[kind] = servers.new_database(servers.postgres_server())
        app = create_app(settings_for_tests(urls[kind], folder))
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
    the_app = app_on(request.param, apps, database_urls, tmp_path_factory.mktemp("data"))
    with the_app.app_context():
        yield the_app
        db.session.remove()
        empty_database()
    forget(the_app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def empty_database() -> None:
    """Delete every row of every table."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


def forget(app: Flask) -> None:
    """Forget what an application keeps in memory: counted tries, kept pages, messages nobody took."""
    limiter.reset()
    app.extensions.pop("eventsys_pages", None)
    app.extensions.pop("eventsys_identity", None)
    app.extensions["eventsys_broker"].flush_all()


@pytest.fixture
def app_once(apps: dict[str, Flask], database_urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application for what has nothing to do with the kind of database."""
    return app_on("sqlite", apps, database_urls, tmp_path_factory.mktemp("data"))
