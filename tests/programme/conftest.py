"""Browsers: one that nobody has signed in, and those of staff."""

from tests.public.conftest import web  # noqa: F401
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)
