"""Whole bulk files: every line accounted for, the dry run's counts those of the import, in little memory.

How fast they are read is a figure of `make bench`.
"""

from __future__ import annotations

import pytest

from eventsys.companies.models import Verdict
from tests.benchmarks.importing import FORMATS, measured
from tests.servers import new_database, postgres_server

MOST_MEGABYTES = 200


def check(kind: str, lines: int, url: str) -> None:
    found = measured(kind, lines, url)
    counts = found["counts"]
    assert counts == found["dry"]
    assert sum(counts.get(verdict.value, 0) for verdict in Verdict) == lines
    assert counts["new"] > lines / 100
    assert counts["passed_over:elsewhere"] + counts["passed_over:sole_trader"] > lines * 0.9
    assert found["rss_mb"] < MOST_MEGABYTES


@pytest.mark.parametrize("kind", FORMATS)
def test_20_000_lines(kind: str) -> None:
    check(kind, 20_000, "")


@pytest.mark.soak
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_300_000_lines(kind: str, database: str) -> None:
    check(kind, 300_000, new_database(postgres_server()) if database == "postgresql" else "")
