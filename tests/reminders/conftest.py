"""Time stands still on a Monday in March, unless a test travels on."""

from tests.events.conftest import clock  # noqa: F401
