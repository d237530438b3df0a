"""How fast a bulk file is read, and how much memory that takes: a process of its own, as `eventsys import companies`.

    python -m tests.benchmarks.importing FORMAT LINES        with the settings of the environment

Prints one line of JSON: the lines read in a millisecond of wall time, the same for lines outside our postcodes, the
seconds it took to take in what was new, the counts of dry run and import, and the peak memory in MB.
"""

from __future__ import annotations

import json
import os
import subprocess
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
from eventsys.config import Settings, load_settings
from eventsys.database import db, transaction
from eventsys.migrating import upgrade_database
from tests.benchmarks.arrangements import PYTHON, variables
from tests.benchmarks.sender import peak_memory
from tests.companies.imports.generator import OURS
from tests.servers import ROOT, ServerProcess, new_folder

FORMATS = ("bolagsverket", "scb")


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


def measured(kind: str, lines: int, database_url: str = "") -> dict[str, Any]:
    """The figures of a process of its own, on an empty database."""
    folder = new_folder("importing")
    subprocess.run(
        [*PYTHON, "tests.companies.imports.generator", kind, str(lines), str(folder / "bulk.txt")], cwd=ROOT, check=True
    )
    given = Settings(data_dir=str(folder), secret_key="only-for-the-benchmark", log_level="ERROR")
    given = replace(given, database_url=database_url or f"sqlite:///{folder}/importing.sqlite3")
    command = [*PYTHON, "tests.benchmarks.importing", str(folder / "bulk.txt"), str(lines)]
    done = subprocess.run(
        command, env=ServerProcess(env=variables(given)).env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    os.unlink(folder / "bulk.txt")
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_importing(lines: int = 300_000) -> dict[str, float]:
    """The slower of the two formats counts."""
    found = [measured(kind, lines) for kind in FORMATS]
    return {
        "import_lines_per_ms": min(one["outside_per_ms"] for one in found),
        "import_all_lines_per_ms": min(one["lines_per_ms"] for one in found),
        "import_apply_seconds": max(one["apply_seconds"] for one in found),
        "import_rss_mb": max(one["rss_mb"] for one in found),
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
