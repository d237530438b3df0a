"""Staff, and a counter of queries."""

from __future__ import annotations

from tests.desk.scenes import count_queries  # noqa: F401
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)
