"""Surveys stand still in time: a Monday morning in March, unless a test travels on. Staff, and a counter of queries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.desk.scenes import count_queries  # noqa: F401
from tests.staff_fixtures import (  # noqa: F401
    Visitor,
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
    visitor,
)

MONDAY = "2027-03-08T10:00:00+00:00"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at 11.00 on a Monday in Borås; `clock.shift(...)` goes on."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def web(app: Flask) -> Visitor:
    """A browser that nobody has signed in."""
    return visitor(app)
