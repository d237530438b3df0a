"""Subscriptions stand still in time: a Monday morning in March, unless a test travels on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.newsletters.subscriptions.scenes import MONDAY
from tests.staff_fixtures import (  # noqa: F401
    Visitor,
    anyone,
    editor,
    organiser,
    signed_in_client,
    visitor,
)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at MONDAY; `clock.move_to(...)` goes on."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def web(app: Flask) -> Visitor:
    """A browser that nobody has signed in."""
    return visitor(app)
