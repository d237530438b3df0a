"""`eventsys backup` and `eventsys restore` as an operator meets them, and the schedule."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import servers
from tests.house.test_command import eventsys
from tests.servers import ROOT, find_program

UNITS = ROOT / "deploy" / "systemd"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a machine where the system has an account."""
    folder = tmp_path_factory.mktemp("machine")
    assert eventsys(folder, "db", "upgrade").returncode == 0
    made = eventsys(folder, "staff", "add", "asa@boras.example", "--role", "administrator")
    assert made.returncode == 0, made.stderr
    return folder


def test_from_one_machine_to_another_and_from_sqlite_to_postgresql(machine: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "a.backup", tmp_path / "other"
    made = eventsys(machine, "backup", str(file))
    assert (made.returncode, made.stderr) == (0, "Writing\n")
    assert re.fullmatch(rf"\d+ rows of \d+ tables written to {file}\n", made.stdout)
    again = eventsys(machine, "backup", str(file))
    assert (again.returncode, "exists already" in again.stderr) == (1, True)

    url = servers.new_database(servers.postgres_server())
    other_key = eventsys(other, "restore", str(file), EVENTSYS_DATABASE_URL=url)
    assert other_key.returncode == 1
    assert "another secret key" in other_key.stderr
    (other / "secret_key").write_text((machine / "secret_key").read_text())
    done = eventsys(other, "restore", str(file), EVENTSYS_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert "rows restored" in done.stdout
    assert "Traceback" not in done.stderr
    ready = eventsys(other, "db", "check", EVENTSYS_DATABASE_URL=url)
    assert ready.returncode == 0
    twice = eventsys(other, "restore", str(file), EVENTSYS_DATABASE_URL=url)
    assert twice.returncode == 1
    assert "not empty" in twice.stderr
    known = eventsys(other, "staff", "add", "asa@boras.example", "--role", "administrator", EVENTSYS_DATABASE_URL=url)
    assert known.returncode == 1


def test_a_lost_key_is_no_end(machine: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    assert eventsys(machine, "backup", str(file)).returncode == 0
    assert eventsys(tmp_path / "other", "restore", str(file), "--other-key").returncode == 0


def test_a_damaged_file_is_refused_before_anything_is_written(machine: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "a.backup", tmp_path / "other"
    assert eventsys(machine, "backup", str(file)).returncode == 0
    content = bytearray(file.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 300] = bytes(300)
    file.write_bytes(content)
    said = eventsys(other, "restore", str(file), "--other-key")
    assert said.returncode == 1
    assert "damaged" in said.stderr
    assert "Traceback" not in said.stderr
    assert eventsys(other, "db", "check").returncode == 1  # not even tables
    assert "nothing to back up" in eventsys(other, "backup", str(tmp_path / "b.backup")).stderr


@pytest.mark.parametrize("words", [["backup"], ["restore"], ["restore", "nowhere.backup"], ["backup", "."]])
def test_wrong_use_ends_with_two(tmp_path: Path, words: list[str]) -> None:
    assert eventsys(tmp_path, *words).returncode == 2


def test_a_folder_that_is_not_there_is_told_in_plain_words(machine: Path, tmp_path: Path) -> None:
    said = eventsys(machine, "backup", str(tmp_path / "nowhere" / "a.backup"))
    assert (said.returncode, "could not be written: No such file" in said.stderr) == (1, True)


# --- the schedule -------------------------------------------------------------------------------------------------


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = find_program("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    for unit in UNITS.glob("eventsys-backup.*"):
        text = unit.read_text(encoding="utf-8").replace("/opt/eventsys/.venv/bin/eventsys", sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    said = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, tmp_path.glob("*"))], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stderr.splitlines() if "eventsys-backup" in line] == []


def lines_of(unit: str, name: str) -> list[str]:
    text = (UNITS / unit).read_text(encoding="utf-8")
    return re.findall(rf"^{name}=-?(.+)$", text, re.MULTILINE)


def test_what_the_schedule_does_works_as_it_stands_there(machine: Path, tmp_path: Path) -> None:
    """The unit's commands in other folders: a backup is made, what is older than 14 days goes, the list stays."""
    backups = tmp_path / "backups"
    backups.mkdir()
    for name, days in (("old.backup", 16), ("old.backup.part", 16), ("young.backup", 3), ("erased.txt", 30)):
        (backups / name).touch()
        at = time.time() - days * 86_400
        os.utime(backups / name, (at, at))
    (machine / "erased.txt").write_text("2026-11-30T12:00:00+00:00 0123\n")
    commands = lines_of("eventsys-backup.service", "ExecStart") + lines_of("eventsys-backup.service", "ExecStartPost")
    assert len(commands) == 3
    for command in commands:
        here = (
            command.replace("/opt/eventsys/.venv/bin/eventsys", str(Path(sys.executable).with_name("eventsys")))
            .replace("/var/backups/eventsys", str(backups))
            .replace("/var/lib/eventsys", str(machine))
            .replace("%%", "%")
        )
        words = ["/bin/sh", "-c", re.split(r" -c ", here, maxsplit=1)[1].strip("'")] if " -c " in here else here.split()
        environment = {**os.environ, "EVENTSYS_DATA_DIR": str(machine)}
        subprocess.run(words, env=environment, check=True, capture_output=True, timeout=120)
    found = sorted(path.name for path in backups.iterdir())
    assert len(found) == 3
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d{6}\.backup", found[0])
    assert found[1:] == ["erased.txt", "young.backup"]
    assert "0123" in (backups / "erased.txt").read_text()
