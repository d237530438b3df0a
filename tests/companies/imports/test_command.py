"""`eventsys import companies`: the same import at a terminal, with exit codes that scripts can read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from eventsys.cli import cli
from eventsys.clock import now
from eventsys.companies.imports import reading
from eventsys.companies.imports.receiving import folder
from eventsys.companies.models import Company, Import, ImportState
from eventsys.database import db, transaction
from eventsys.errors import Refused
from tests.benchmarks.arrangements import PYTHON
from tests.companies.imports.generator import bolagsverket_line, number
from tests.companies.imports.scenes import begun, bolagsverket_file, csv_file
from tests.servers import ROOT, ServerProcess
from tests.staff_fixtures import see_anew


def run(app: Flask, *arguments: object) -> Result:
    info = ScriptInfo(create_app=lambda: app)
    result = CliRunner().invoke(cli, ["import", "companies", *map(str, arguments)], obj=info)
    see_anew()
    return result


@pytest.mark.usefixtures("ours")
def test_a_dry_run_tells_and_leaves_nothing_and_the_import_gives_the_same_counts(app: Flask, tmp_path: Path) -> None:
    path = bolagsverket_file(tmp_path / "b.txt", [bolagsverket_line(number(1)), bolagsverket_line("x" * 10)])
    dry = run(app, path, "--dry-run")
    assert dry.exit_code == 0
    assert "2 lines: 1 new, 0 changed, 0 unchanged, 1 refused, 0 passed over." in dry.output
    assert "Nothing was changed." in dry.output
    assert (db.session.query(Company).count(), db.session.query(Import).one().state) == (0, ImportState.CANCELLED)
    assert "1 new, 0 changed, 0 unchanged, 1 refused" in run(app, path).output
    assert db.session.query(Company).count() == 1
    assert path.exists(), "a file of somebody else's stays"


def test_a_list_of_ours_is_read_by_the_names_of_its_columns(app: Flask, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", "Företag;Ort\nÅkes AB;Borås\n")
    assert run(app, path, "--format", "own").exit_code == 0
    assert [one.name for one in db.session.query(Company)] == ["Åkes AB"]
    assert list(folder().iterdir()) == []


@pytest.mark.usefixtures("ours")
def test_refusals_say_why(app: Flask, tmp_path: Path) -> None:
    bulk = bolagsverket_file(tmp_path / "b.txt", [bolagsverket_line(number(1))])
    nameless = csv_file(tmp_path / "a.csv", "Ort;E-post\nBorås;a@b.example\n")
    cut = bolagsverket_file(tmp_path / "c.txt", [bolagsverket_line(number(1))] * 3)
    cut.write_bytes(cut.read_bytes()[:-20])
    for arguments in ((bulk, "--format", "scb"), (nameless,), (cut,)):
        assert isinstance(run(app, *arguments).exception, Refused)
    assert (db.session.query(Company).count(), list(folder().iterdir())) == (0, [])
    assert run(app, tmp_path / "none.txt").exit_code == 2


@pytest.mark.usefixtures("ours")
def test_while_another_import_is_at_work_it_asks_to_wait(app: Flask, tmp_path: Path) -> None:
    path = bolagsverket_file(tmp_path / "b.txt", [bolagsverket_line(number(1))])
    first = begun(path)
    with transaction():
        assert reading.take(first, now()) is not None
    assert isinstance(run(app, path).exception, reading.ImportBusy)


def test_a_process_ends_with_1_when_it_is_refused(tmp_path: Path) -> None:
    env = {"EVENTSYS_DATA_DIR": str(tmp_path), "EVENTSYS_SECRET_KEY": "only-for-tests"}
    clean = ServerProcess(env=env).env
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    command = [*PYTHON, "eventsys.cli", "import", "companies", str(empty)]
    done = subprocess.run(command, env=clean, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "Filen är tom" in done.stderr) == (1, True)
