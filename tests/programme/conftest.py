"""Browsers: one that nobody has signed in, and those of staff; a winter whose spring is still to come."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.public.conftest import web  # noqa: F401
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)


@pytest.fixture
def february() -> Iterator[None]:
    """It is a Monday morning in February 2027, before the dates in March and April that these tests name."""
    with time_machine.travel(datetime(2027, 2, 1, 9, 0, tzinfo=UTC), tick=True):
        yield
