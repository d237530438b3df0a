"""The demonstration, filled in once per kind of database and only read by the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from eventsys.database import db
from eventsys.demo import fill_if_empty
from tests.conftest import DATABASES, app_on, empty_database, forget
from tests.demonstration import fill_in


@pytest.fixture(scope="module", params=DATABASES)
def filled(
    request: pytest.FixtureRequest,
    apps: dict[str, Flask],
    database_urls: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The application, in its context, with the demonstration in its database."""
    app = app_on(request.param, apps, database_urls, tmp_path_factory)
    with app.app_context():
        empty_database()
        if request.param == "sqlite":
            fill_in(tmp_path_factory)
        else:
            assert fill_if_empty()
        db.session.remove()
        yield app
        db.session.remove()
        empty_database()
    forget(app)
