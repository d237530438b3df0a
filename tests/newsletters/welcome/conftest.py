"""Staff, a relay that takes letters, a counter of queries, and a town with postcodes."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests.desk.scenes import count_queries
from tests.newsletters.sending.conftest import relay, use_settings
from tests.newsletters.welcome.scenes import begin
from tests.staff_fixtures import administrator, anyone, editor, organiser, signed_in_client

__all__ = [
    "administrator", "anyone", "count_queries", "editor", "organiser", "relay", "signed_in_client", "use_settings",
]  # fmt: skip


@pytest.fixture(autouse=True)
def town(request: pytest.FixtureRequest) -> None:
    """Our postcodes begin with 50, and companies are new from 2027 on; a test may ask otherwise."""
    if "app" in request.fixturenames:
        app: Flask = request.getfixturevalue("app")
        assert app
        begin(date(2027, 1, 1))
