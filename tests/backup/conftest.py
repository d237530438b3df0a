"""Staff for the pages that a restored system shows."""

from tests.staff_fixtures import administrator, anyone, organiser, signed_in_client  # noqa: F401
