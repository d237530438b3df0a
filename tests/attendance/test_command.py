"""`eventsys export attendance` as an operator meets it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from eventsys.database import db
from eventsys.events.attendance.commands import export
from tests.attendance.conftest import trail
from tests.attendance.test_exports import EVIL, KEPT
from tests.factories import make_event, make_registration


@pytest.fixture
def event_id(app: Flask) -> int:
    event = make_event(title="Frukost om el", slug="frukost-om-el")
    make_registration(event, ["Åsa Öberg", "Bo Alm"], company_name=EVIL)
    return event.id


def run(app: Flask, *words: object) -> tuple[int, str]:
    """The exit code and what was said."""
    result = app.test_cli_runner().invoke(export, ["attendance", *map(str, words)])
    return result.exit_code, result.output


def test_an_event_is_exported_by_id_and_by_address(app: Flask, event_id: int, tmp_path: Path) -> None:
    assert run(app, event_id, tmp_path / "a.xlsx") == (0, f"2 people written to {tmp_path / 'a.xlsx'}\n")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == KEPT
    assert run(app, "frukost-om-el", tmp_path / "a.CSV")[0] == 0
    rows = list(csv.reader((tmp_path / "a.CSV").read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[4] for row in rows] == ["Namn", "Bo Alm", "Åsa Öberg"]
    assert rows[1][2] == f"'{EVIL}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.CSV", "a.xlsx"]
    assert [(entry.actor, entry.detail["kind"]) for entry in trail("attendance.exported")] == [
        ("kommandoraden", "xlsx"), ("kommandoraden", "csv"),
    ]  # fmt: skip


def test_wrong_use_ends_with_two_and_a_refusal_with_one(app: Flask, event_id: int, tmp_path: Path) -> None:
    assert run(app, event_id)[0] == 2
    code, told = run(app, event_id, tmp_path / "a.pdf")
    assert (code, ".xlsx or .csv" in told) == (2, True)
    code, told = run(app, "no-such-event", tmp_path / "a.csv")
    assert (code, "There is no event no-such-event" in told) == (1, True)
    code, told = run(app, event_id, tmp_path / "no" / "a.csv")
    assert (code, "Cannot write" in told) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_command_is_there_and_ends_with_nought(event_id: int, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")}
    url = db.engine.url.render_as_string(hide_password=False)
    said = subprocess.run(
        [str(Path(sys.executable).with_name("eventsys")), "export", "attendance", str(event_id), tmp_path / "a.csv"],
        env={**clean, "EVENTSYS_DATABASE_URL": url, "EVENTSYS_SECRET_KEY": "x", "EVENTSYS_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert (tmp_path / "a.csv").read_bytes().startswith(b'\xef\xbb\xbf"Evenemang";')
