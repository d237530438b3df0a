"""Two years of the office's work, the clock standing after them, and browsers signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from tests.desk.scenes import count_queries  # noqa: F401
from tests.followup.scenes import TwoYears
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)

AFTERWARDS = datetime(2027, 2, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def afterwards() -> Iterator[time_machine.Traveller]:
    """It is the beginning of 2027: both halves of 2025 and 2026 have ended."""
    with time_machine.travel(AFTERWARDS, tick=True) as traveller:
        yield traveller


@pytest.fixture
def two_years(app: Flask, afterwards: time_machine.Traveller) -> TwoYears:
    """2025 and 2026, full of events, readers, letters, visits and surveys, with everything that lies on a border."""
    return TwoYears()
