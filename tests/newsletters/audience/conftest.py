"""A counter of queries, and staff."""

from tests.desk.scenes import count_queries  # noqa: F401
from tests.staff_fixtures import administrator, editor, organiser, signed_in_client  # noqa: F401
