"""The hunt for tests that depend on the hour of the run: let every test begin at a moment of one's choice.

    make test ARGS='--clock "2026-12-31 23.58" -m "not browser and not soak"'

A pytest plugin (named in pyproject.toml). Python's clock in the test process goes on from that wall time in Borås, anew
for each test; processes that a test starts, and Chromium, go by the real one. Times worth trying: a minute before and
after midnight, a Saturday, Christmas Eve, the last Sundays of March and October at night, 29 February.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from eventsys.clock import from_local


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clock", type=_moment, help="wall time in Borås at which every test begins: 2026-12-31 23.58")


def _moment(text: str) -> datetime:
    return from_local(datetime.strptime(text, "%Y-%m-%d %H.%M"))  # noqa: DTZ007  (a wall time has no zone)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    moment = item.config.getoption("clock")
    if moment is None:
        return (yield)
    with time_machine.travel(moment, tick=True):
        return (yield)
