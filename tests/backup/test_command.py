"""`eventsys backup` and `eventsys restore` as an operator meets them, and the schedule."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.backup.commands import OtherKey, backup_command, restore_command
from eventsys.backup.writing import NoBackup
from eventsys.database import db
from tests import servers
from tests.backup.scenes import application, backed_up, ran
from tests.factories import make_event
from tests.house.test_command import eventsys
from tests.servers import ROOT

UNITS = ROOT / "deploy" / "systemd"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a machine where the system was installed."""
    folder = tmp_path_factory.mktemp("machine")
    assert eventsys(folder, "db", "upgrade").returncode == 0
    return folder


def test_from_one_machine_to_another_and_from_sqlite_to_postgresql(machine: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "a.backup", tmp_path / "other"
    made = eventsys(machine, "backup", str(file))
    assert (made.returncode, made.stderr) == (0, "Writing\n")
    assert re.fullmatch(rf"\d+ rows of \d+ tables written to {file}\n", made.stdout)

    url = servers.new_database(servers.postgres_server())
    other_key = eventsys(other, "restore", str(file), EVENTSYS_DATABASE_URL=url)
    assert other_key.returncode == 1
    assert "another secret key" in other_key.stderr
    (other / "secret_key").write_text((machine / "secret_key").read_text())
    done = eventsys(other, "restore", str(file), EVENTSYS_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert "rows restored" in done.stdout
    assert "Traceback" not in done.stderr
    assert eventsys(other, "db", "check", EVENTSYS_DATABASE_URL=url).returncode == 0


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
    assert not (other / "eventsys.sqlite3").exists()


def test_a_lost_key_is_no_end(tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "from"):
        file = backed_up(tmp_path / "a.backup")
    with application("sqlite", tmp_path / "to", migrated=False, secret_key="a new one"):
        assert isinstance(ran(restore_command, file).exception, OtherKey)
        assert ran(restore_command, file, "--other-key").exit_code == 0


def test_the_trail_says_that_a_backup_was_taken_out(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        make_event()
        assert ran(backup_command, tmp_path / "a.backup").exit_code == 0
        assert isinstance(ran(backup_command, tmp_path / "a.backup").exception, NoBackup)  # and is no act
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "backup.taken_out")).one()
        assert (noted.actor, noted.detail) == ("kommandoraden", {"rows": 2})


@pytest.mark.parametrize("words", [[], ["nowhere.backup"], ["."]])
def test_wrong_use_ends_with_two(app_once: Flask, tmp_path: Path, words: list[str]) -> None:
    with app_once.app_context():
        assert ran(restore_command, *words).exit_code == 2
        if words != ["nowhere.backup"]:
            assert ran(backup_command, *words).exit_code == 2


def test_a_folder_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        said = ran(backup_command, tmp_path / "nowhere" / "a.backup")
    assert isinstance(said.exception, NoBackup)
    assert "could not be written: No such file" in str(said.exception)


# --- the schedule -------------------------------------------------------------------------------------------------


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
