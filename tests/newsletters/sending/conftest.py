"""Staff, an SMTP server that takes letters, and a counter of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from eventsys.config import Settings
from tests.desk.scenes import count_queries  # noqa: F401
from tests.sink import SmtpSink
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)


@pytest.fixture
def use_settings(app: Flask) -> Iterator[Callable[..., None]]:
    """Change settings of the application for this test."""
    before: Settings = app.extensions["eventsys_settings"]

    def change(**given: Any) -> None:
        app.extensions["eventsys_settings"] = replace(app.extensions["eventsys_settings"], **given)

    yield change
    app.extensions["eventsys_settings"] = before


@pytest.fixture
def relay(app: Flask, sink: SmtpSink, use_settings: Callable[..., None]) -> Iterator[SmtpSink]:
    """A relay that takes everything until told otherwise."""
    use_settings(smtp_url=sink.url, smtp_connections=4)
    yield sink
    app.extensions.pop("eventsys_splices", None)
