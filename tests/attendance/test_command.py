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
from sqlalchemy import text

from eventsys.database import db
from tests.attendance.conftest import trail
from tests.attendance.test_exports import EVIL, KEPT
from tests.factories import make_event, make_registration


@pytest.fixture
def event_id(app: Flask) -> int:
    event = make_event(title="Frukost om el", slug="frukost-om-el")
    make_registration(event, ["Åsa Öberg", "Bo Alm"], company_name=EVIL)
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA wal_checkpoint"))
    return event.id


def export(*words: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")}
    url = db.engine.url.render_as_string(hide_password=False)
    return subprocess.run(
        [str(Path(sys.executable).with_name("eventsys")), "export", "attendance", *words],
        env={**clean, "EVENTSYS_DATABASE_URL": url, "EVENTSYS_SECRET_KEY": "x", "EVENTSYS_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_event_is_exported_by_id_and_by_address(event_id: int, tmp_path: Path) -> None:
    said = export(str(event_id), str(tmp_path / "a.xlsx"))
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == f"2 people written to {tmp_path / 'a.xlsx'}\n"
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == KEPT
    assert export("frukost-om-el", str(tmp_path / "a.csv")).returncode == 0
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[4] for row in rows] == ["Namn", "Bo Alm", "Åsa Öberg"]
    assert rows[1][2] == f"'{EVIL}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.xlsx"]
    assert [(entry.actor, entry.detail["kind"]) for entry in trail("attendance.exported")] == [
        ("kommandoraden", "xlsx"), ("kommandoraden", "csv"),
    ]  # fmt: skip


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_wrong_use_ends_with_two_and_a_refusal_with_one(event_id: int, tmp_path: Path) -> None:
    assert export(str(event_id)).returncode == 2
    said = export(str(event_id), str(tmp_path / "a.pdf"))
    assert (said.returncode, ".xlsx or .csv" in said.stderr) == (2, True)
    said = export("no-such-event", str(tmp_path / "a.csv"))
    assert (said.returncode, "There is no event no-such-event" in said.stderr) == (1, True)
    said = export(str(event_id), str(tmp_path / "no" / "a.csv"))
    assert (said.returncode, "Cannot write" in said.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []
    assert "Traceback" not in said.stderr
