"""Demonstration data opens accounts with a known password, so production refuses it."""

import os
import subprocess
import sys
from pathlib import Path


def test_an_installation_behind_https_refuses_the_demonstration(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")}
    said = subprocess.run(
        [str(Path(sys.executable).with_name("eventsys")), "demo"],
        env={**clean, "EVENTSYS_DATA_DIR": str(tmp_path), "EVENTSYS_BASE_URL": "https://event.example.se"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 1
    assert "looks like production" in said.stderr
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "eventsys.sqlite3").exists()
