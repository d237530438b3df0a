"""`pip install .` gives a working eventsys: templates, letters, migrations and texts travel in the wheel."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.servers import ROOT

TRY = """
import eventsys, sys
from eventsys.config import Settings
from eventsys.migrating import upgrade_database
app = eventsys.create_app(Settings(secret_key="x", data_dir=sys.argv[1], log_level="ERROR"))
with app.app_context():
    upgrade_database()
client = app.test_client()
assert eventsys.__file__.startswith(sys.argv[2]), eventsys.__file__
assert client.get("/readyz").json == {"ready": True}
assert "Skip to content" in client.get("/en/").text
"""


def test_an_installed_wheel_migrates_and_serves(tmp_path: Path) -> None:
    run = {"check": True, "capture_output": True, "text": True, "timeout": 120}
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, **run)
    [wheel] = tmp_path.glob("*.whl")
    installed, data = tmp_path / "installed", tmp_path / "data"
    data.mkdir()
    zipfile.ZipFile(wheel).extractall(installed)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")}
    subprocess.run(
        [sys.executable, "-c", TRY, str(data), str(installed)],
        cwd=tmp_path,
        env={**clean, "PYTHONPATH": str(installed)},
        **run,
    )
