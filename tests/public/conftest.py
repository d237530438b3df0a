"""A visitor with a browser of his own, whose requests stand each on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from eventsys.config import Settings
from tests.staff_fixtures import Visitor, visitor


@pytest.fixture
def web(app: Flask) -> Visitor:
    """A visitor's browser."""
    return visitor(app)


@pytest.fixture
def use_settings(app: Flask) -> Iterator[Any]:
    """use_settings(name=value): settings of the application for this test."""
    before: Settings = app.extensions["eventsys_settings"]

    def change(**given: Any) -> None:
        app.extensions["eventsys_settings"] = replace(app.extensions["eventsys_settings"], **given)

    yield change
    app.extensions["eventsys_settings"] = before


@pytest.fixture
def with_csrf(app: Flask) -> Iterator[None]:
    """Forms without their token are refused, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False
