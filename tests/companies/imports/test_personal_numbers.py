"""A personal number is nowhere: not in a table, a log, a report, the audit trail or what the command prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import MetaData, select
from structlog.testing import capture_logs

from eventsys.cli import cli
from eventsys.companies.imports import own
from eventsys.companies.numbers import without_personal_numbers
from eventsys.database import Base, db
from eventsys.staff.models import Role
from tests.companies.imports.generator import personal_number, write_bolagsverket, write_scb
from tests.companies.imports.scenes import csv_file, import_of, read, taken_in
from tests.staff_fixtures import Visitor, see_anew

PEOPLE = [personal_number(index) for index in range(1000)]
_DIGITS = re.compile(r"\d{10,12}")


def people_in(text: str) -> set[str]:
    """Personal numbers of PEOPLE in a text, with or without hyphen and century."""
    plain = text.replace("-", "")
    return {found[-10:] for found in _DIGITS.findall(plain)} & set(PEOPLE)


def every_row() -> str:
    """All that the database holds."""
    see_anew()
    metadata: MetaData = Base.metadata
    return "\n".join(str(tuple(row)) for table in metadata.sorted_tables for row in db.session.execute(select(table)))


def own_list(folder: Path) -> Path:
    person = PEOPLE[3]
    short, whole = f"{person[:6]}-{person[6:]}", f"19{person}"
    lines = [
        "Företag;Orgnr;Gata;Kontaktperson;Roll;Etiketter;Postnr;Telefon;E-post;Anställda",
        f"Åsas Garn;{short};Gatan 1;Åsa;vd;a;50330",
        f"Bo {short};{whole};Gatan {whole};Bo {person};{short};tagg {whole};50330",
        f";{whole};;;;;",
        f"Cia {short[:6]} – {short[7:]} Garn;;;Cia;;;50331;{short};{whole}@cia.example;000{person}",
    ]
    return csv_file(folder / f"lista {short}.csv", "\n".join(lines))


@pytest.mark.usefixtures("ours")
def test_nothing_keeps_a_personal_number(
    app: Flask, tmp_path: Path, signed_in_client: Callable[[Role], Visitor]
) -> None:
    files = [write_bolagsverket(tmp_path / "b.txt", 2000), write_scb(tmp_path / "s.txt", 2000), own_list(tmp_path)]
    with capture_logs() as logs:
        found = [taken_in(path) for path in files]
    assert found[0].counts["passed_over:sole_trader"] > 400
    assert people_in(every_row()) == people_in(str(logs)) == set()
    client = signed_in_client(Role.ORGANISER)
    for one in found:
        assert people_in(client.get(f"/personal/foretag/inlasning/{one.id}").text) == set()
        report = tmp_path / "rapport.xlsx"
        report.write_bytes(client.get(f"/personal/foretag/inlasning/{one.id}/rapport.xlsx").data)
        cells = [str(cell.value) for row in openpyxl.load_workbook(report).active.iter_rows() for cell in row]
        assert people_in("\n".join(cells)) == set()
    assert people_in(every_row()) == set()


@pytest.mark.usefixtures("ours")
def test_an_error_whose_words_repeat_the_file_is_logged_without_them(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: object) -> object:
        raise ValueError(f"invalid literal: {PEOPLE[5]}")

    monkeypatch.setattr(own, "_record", breaks)
    with capture_logs() as logs:
        failed = read(own_list(tmp_path))
    assert (logs[0]["event"], logs[0]["error"]) == ("import_failed", "ValueError")
    assert people_in(str(logs)) == people_in(every_row()) == set()
    assert import_of(failed.id).reason


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_the_command_prints_none(app: Flask, tmp_path: Path, dry: list[str]) -> None:
    for path in (write_bolagsverket(tmp_path / "b.txt", 1000), own_list(tmp_path)):
        result = CliRunner().invoke(cli, ["import", "companies", str(path), *dry], obj=_script_info(app))
        assert result.exit_code == 0, result.output
        assert people_in(result.output.replace(path.name, "")) == set()


def _script_info(app: Flask) -> ScriptInfo:
    return ScriptInfo(create_app=lambda: app)


def test_what_reads_as_a_personal_number_is_taken_out_of_texts() -> None:
    person = PEOPLE[1]
    for text in (
        person,
        f"{person[:6]}-{person[6:]}",
        f"19{person}",
        f"19{person[:6]}-{person[6:]}",
        f"{person[:6]}+{person[6:]}",
    ):
        assert without_personal_numbers(f"Åsa {text} Ek") == "Åsa Ek"
    for text in ("Väveriet 2 AB", "5560360793", "Nr 1234567890123", "Sedan 1999", "991301-1234"):
        assert without_personal_numbers(text) == text
