"""Settings that a test changes, letters and people."""

from __future__ import annotations

from tests.desk.scenes import count_queries
from tests.mail.conftest import use_settings
from tests.staff_fixtures import administrator, signed_in_client

__all__ = ["administrator", "count_queries", "signed_in_client", "use_settings"]
