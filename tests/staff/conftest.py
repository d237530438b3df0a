"""Staff in the tests of this folder."""

from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    signed_in_client,
)
