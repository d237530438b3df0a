"""How fast a bulk file is read, and how much memory that takes (importer.py)."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import Any

from eventsys.config import Settings
from tests.benchmarks.arrangements import PYTHON, variables
from tests.servers import ROOT, ServerProcess, new_folder

FORMATS = ("bolagsverket", "scb")


def measured(kind: str, lines: int, database_url: str = "") -> dict[str, Any]:
    """The figures of a process of its own, on an empty database."""
    folder = new_folder("importing")
    subprocess.run(
        [*PYTHON, "tests.companies.imports.generator", kind, str(lines), str(folder / "bulk.txt")], cwd=ROOT, check=True
    )
    given = Settings(data_dir=str(folder), secret_key="only-for-the-benchmark", log_level="ERROR")
    given = replace(given, database_url=database_url or f"sqlite:///{folder}/importing.sqlite3")
    command = [*PYTHON, "tests.benchmarks.importer", str(folder / "bulk.txt"), str(lines)]
    done = subprocess.run(
        command, env=ServerProcess(env=variables(given)).env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    (folder / "bulk.txt").unlink()
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
