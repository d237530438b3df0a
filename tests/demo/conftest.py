"""The demonstration, filled in once per kind of database and only read by the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from eventsys import create_app
from eventsys.database import db
from eventsys.demo import fill_if_empty
from eventsys.migrating import upgrade_database
from tests import servers
from tests.conftest import DATABASES, settings_for_tests
from tests.demonstration import fill_in


@pytest.fixture(scope="session", params=DATABASES)
def filled_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application of its own, with the demonstration in its database."""
    folder = tmp_path_factory.mktemp("demonstration")
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder / 'demo.sqlite3'}" if is_sqlite else servers.new_database(servers.postgres_server())
    app = create_app(settings_for_tests(url, folder))
    with app.app_context():
        upgrade_database()
        if is_sqlite:
            fill_in(tmp_path_factory)
        else:
            assert fill_if_empty()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def filled(filled_app: Flask) -> Iterator[Flask]:
    """The application in its context; tests only read what is there."""
    with filled_app.app_context():
        yield filled_app
        db.session.remove()
