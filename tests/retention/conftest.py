"""Staff for the tests of retention and handouts."""

from tests.staff_fixtures import administrator, anyone, signed_in_client  # noqa: F401
