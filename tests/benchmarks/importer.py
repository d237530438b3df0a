"""The reader of a bulk file as a process of its own, as `eventsys import companies` is one.

    python -m tests.benchmarks.importer FILE LINES        with the settings of the environment

Prints one line of JSON: the lines read in a millisecond of wall time, the same when none of them is ours, the seconds
it took to take in what was new, the counts of dry run and import, and the peak memory in MB.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from eventsys import create_app
from eventsys.clock import now
from eventsys.companies import commands
from eventsys.companies.imports import queries, reading
from eventsys.companies.imports.opening import format_of
from eventsys.companies.imports.postcodes import Ours, keep_postcodes
from eventsys.config import load_settings
from eventsys.database import db, transaction
from eventsys.migrating import upgrade_database
from tests.benchmarks.sender import peak_memory
from tests.companies.imports.generator import OURS


def measure(path: Path, lines: int) -> dict[str, Any]:
    app = create_app(load_settings())
    with app.app_context():
        upgrade_database()
        with transaction():
            keep_postcodes("\n".join(OURS))
        taken = commands._begun(path, format_of(path), "2007")
        outside = _outside(replace(taken, ours=Ours(("999",))), lines)
        began = time.monotonic()
        for portion in reading.portions(taken):
            with transaction():
                reading.keep(taken, portion, now())
        took = time.monotonic() - began
        with transaction():
            dry = dict(reading.finish(taken, now()).counts)
        began = time.monotonic()
        commands._apply(taken.id)
        applied = time.monotonic() - began
        db.session.rollback()
        counts = dict(queries.import_by_id(taken.id).counts)
        db.session.remove()
    return {
        "lines_per_ms": lines / took / 1000, "outside_per_ms": outside, "apply_seconds": applied, "dry": dry,
        "counts": counts, "rss_mb": peak_memory(),
    }  # fmt: skip


def _outside(taken: reading.Taken, lines: int) -> float:
    """Lines a millisecond when none of the file is ours."""
    began = time.monotonic()
    assert not any(portion.records for portion in reading.portions(taken))
    return lines / (time.monotonic() - began) / 1000


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
