"""Two at the same moment, in an order that a test can rely on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from eventsys.database import transaction
from tests.events.test_races import at_once

A_WHILE = 0.3


def overlapping(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """`second` begins when `first` has done its work but not yet kept it; the result of each, or its exception.

    On SQLite it waits from its beginning, on PostgreSQL not before it meets a row of the first.
    """
    done = threading.Event()

    def slowly() -> Any:
        with transaction():
            found = first()
            done.set()
            time.sleep(A_WHILE)
        return found

    def meanwhile() -> Any:
        assert done.wait(10)
        with transaction():
            return second()

    return at_once(app, slowly, meanwhile)
