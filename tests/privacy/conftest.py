"""Staff, and a counter of queries, for the tests of people's own data."""

from tests.desk.scenes import count_queries  # noqa: F401
from tests.public.conftest import use_settings  # noqa: F401
from tests.staff_fixtures import administrator, anyone, signed_in_client  # noqa: F401
