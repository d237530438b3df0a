"""Time stands still on a Monday in March, unless a test travels on; browsers signed in."""

from tests.events.conftest import clock  # noqa: F401
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)
