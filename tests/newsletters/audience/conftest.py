"""A counter of queries, staff, and settings to change."""

from tests.newsletters.sending.conftest import (  # noqa: F401
    administrator,
    count_queries,
    editor,
    organiser,
    signed_in_client,
    use_settings,
)
