"""Events stand still in time: a Monday morning in March, unless a test travels on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.events.scenes import MONDAY


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at MONDAY; `clock.move_to(...)` goes on."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller
