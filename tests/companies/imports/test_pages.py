"""The staff's pages of imports: a file is sent, its progress and report seen, taken in or left; and the postcodes."""

from __future__ import annotations

import errno
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from lxml import html

from eventsys.audit import AuditEntry
from eventsys.companies.actors import apply_import, read_import
from eventsys.companies.imports.receiving import folder
from eventsys.companies.models import Company, Import, ImportState, Postcode
from eventsys.database import db
from eventsys.staff.models import Role
from tests.companies.imports.generator import bolagsverket_line, number, personal_number
from tests.companies.imports.scenes import bolagsverket_file, make_company, zipped
from tests.staff_fixtures import Visitor, see_anew, visitor

AT = "/personal/foretag/inlasning"


@pytest.fixture
def client(signed_in_client: Callable[[Role], Visitor]) -> Visitor:
    return signed_in_client(Role.ORGANISER)


def sent(client: Visitor, content: bytes, name: str) -> tuple[int, str, str]:
    answer = client.post(f"{AT}/ny", data={"file": (io.BytesIO(content), name), "sni": "2007"})
    return answer.status_code, answer.text, answer.location or ""


def only_import() -> Import:
    see_anew()
    return db.session.query(Import).one()


@pytest.mark.usefixtures("ours")
def test_a_bulk_file_goes_from_upload_to_register(client: Visitor, tmp_path: Path) -> None:
    make_company("Gamla AB", number=number(1))
    lines = [bolagsverket_line(number(n), f"Åkes {n} AB") for n in range(1, 4)]
    status, _, location = sent(client, zipped(bolagsverket_file(tmp_path / "b.txt", lines)).read_bytes(), "bulk.zip")
    assert status == 302
    waiting = client.get(location).text
    assert "väntar på sin tur" in waiting
    assert 'http-equiv="refresh"' in waiting
    read_import(only_import().id)
    report = client.get(location).text
    assert "Läs in 2 nya och 1 ändrat företag" in report
    assert "hette Gamla AB" in report
    assert "Åkes 2 AB" not in client.get(f"{location}?visa=changed").text
    assert client.post(f"{location}/las-in").status_code == 302
    assert "läses in nu" in client.get(f"{location}/lage").text
    apply_import(only_import().id)
    assert "2 nya och 1 ändrade företag" in client.get(location).text
    assert db.session.query(Company).count() == 3
    assert "Inläst" in client.get(AT).text


def test_a_list_of_ours_asks_about_its_columns_first(client: Visitor) -> None:
    _, page, _ = sent(client, "Bolag;Orgnr;E-post\nÅkes AB;;a@akes.example\n".encode(), "lista.csv")
    form = next(one for one in html.fromstring(page).forms if "foretag" in one.fields)
    assert form.fields["foretag"] == "0"
    fields = {name: value for name, value in form.fields.items() if value is not None}
    unnamed = client.post(f"{AT}/ny/kolumner", data={**fields, "foretag": "-1"})
    assert (unnamed.status_code, "Välj vilken kolumn" in unnamed.text) == (422, True)
    answer = client.post(f"{AT}/ny/kolumner", data=fields)
    read_import(only_import().id)
    assert "Läs in 1 nytt företag" in client.get(answer.location).text
    assert only_import().file_name == "lista.csv"


def test_a_list_of_ours_keeps_its_column_of_codes_and_the_version_that_was_chosen(client: Visitor) -> None:
    content = "Bolag;SNI;Orgnr\nÅkes AB;62010;\n".encode()
    page = client.post(f"{AT}/ny", data={"file": (io.BytesIO(content), "lista.csv"), "sni": "2025"}).text
    form = next(one for one in html.fromstring(page).forms if "foretag" in one.fields)
    assert form.fields["sni"] == "1"
    assert page.count('name="sni"') == 1
    client.post(f"{AT}/ny/kolumner", data={name: value for name, value in form.fields.items() if value is not None})
    assert only_import().options["sni"] == "2025"
    assert only_import().options["where"]["sni"] == 1


def test_rows_that_somebody_has_changed_on_the_way_are_not_taken(client: Visitor) -> None:
    answer = client.post(f"{AT}/ny/kolumner", data={"table": "påhittat", "foretag": "0"})
    assert "fel=gammal" in answer.location
    assert "legat för länge" in client.get(answer.location).text


def test_without_postcodes_the_page_says_what_to_do(client: Visitor, tmp_path: Path) -> None:
    content = bolagsverket_file(tmp_path / "b.txt", [bolagsverket_line(number(1))]).read_bytes()
    status, page, _ = sent(client, content, "b.txt")
    assert (status, "Skriv in kommunens postnummer först" in page) == (422, True)
    assert (db.session.query(Import).count(), list(folder().iterdir())) == (0, [])


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_a_broken_file_is_refused_on_the_page_and_not_kept(client: Visitor, content: bytes) -> None:
    status, page, _ = sent(client, content, "a.txt")
    assert (status, "field-error" in page, list(folder().iterdir())) == (422, True, [])


def test_a_file_that_is_too_large_is_told_of_zip_and_the_command(client: Visitor) -> None:
    answer = client.post(f"{AT}/ny", data=b"x", environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3)})
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "zip" in page
    assert "eventsys import companies" in page


def test_a_full_disk_keeps_no_half_file(client: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: io.BytesIO, target: io.BytesIO, _size: int) -> None:
        target.write(source.read(3))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    status, page, _ = sent(client, b"Bolag;Ort\nEk AB;Viskafors\n", "a.csv")
    assert (status, "plats på disken" in page, list(folder().iterdir())) == (422, True, [])


@pytest.mark.usefixtures("ours")
def test_an_import_is_left_and_nothing_is_changed(client: Visitor, tmp_path: Path) -> None:
    sent(client, bolagsverket_file(tmp_path / "b.txt", [bolagsverket_line(number(1))]).read_bytes(), "b.txt")
    found = only_import()
    read_import(found.id)
    client.post(f"{AT}/{found.id}/avbryt")
    assert (only_import().state, db.session.query(Company).count()) == (ImportState.CANCELLED, 0)
    assert "inte att avbryta" in client.get(client.post(f"{AT}/{found.id}/avbryt").location).text
    client.post(f"{AT}/{found.id}/las-in")
    assert only_import().state is ImportState.CANCELLED


@pytest.mark.usefixtures("ours")
def test_the_report_is_taken_out_as_excel_and_noted(client: Visitor, tmp_path: Path) -> None:
    lines = [bolagsverket_line(number(1), "=Åkes AB"), bolagsverket_line(number(2), postcode="11122")]
    sent(client, bolagsverket_file(tmp_path / "b.txt", lines).read_bytes(), "b.txt")
    read_import(only_import().id)
    answer = client.get(f"{AT}/{only_import().id}/rapport.xlsx")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows()]
    assert rows[-1][:4] == [2, "Ny", "=Åkes AB", number(1)]
    assert any("Finns på annan ort: 1" in str(row[0]) for row in rows)
    assert db.session.query(AuditEntry).filter_by(action="company.import_report_taken_out").count() == 1


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HOST, Role.CO_ORGANISER])
def test_only_those_who_keep_the_register_import(signed_in_client: Callable[[Role], Visitor], role: Role) -> None:
    client = signed_in_client(role)
    for path in ("", "/ny", "/postnummer"):
        assert client.get(AT + path).status_code == 403


def test_empty_lists_say_what_to_do(client: Visitor) -> None:
    assert "Inget är inläst än" in client.get(AT).text
    assert "Inga postnummer än" in client.get(f"{AT}/postnummer").text


# --- postcodes ----------------------------------------------------------------------------------------------------


def test_postcodes_are_edited_as_text_and_companies_counted(client: Visitor, app: Flask) -> None:
    for postcode in ("50330", "50331", "50465"):
        make_company(postcode=postcode)
    answer = client.post(f"{AT}/postnummer", data={"postcodes": "503 30 Borås\r\n\r\n504  Borås\n5065 \n503 30\n"})
    assert answer.status_code == 302
    kept = {row.digits: row.place for row in db.session.query(Postcode)}
    assert kept == {"50330": "Borås", "504": "Borås", "5065": ""}
    cells = html.fromstring(client.get(f"{AT}/postnummer").text).xpath("//tbody/tr/td[last()]/text()")
    assert cells == ["1", "1", "0"]
    entry = db.session.query(AuditEntry).filter_by(action="company.postcodes_changed").one()
    assert entry.detail == {"added": ["50330", "504", "5065"], "removed": []}


@pytest.mark.parametrize("line", ["Borås 503 30", "50", "503301 Borås", "hej"])
def test_a_line_that_is_no_postcode_is_told_and_nothing_is_kept(client: Visitor, ours: None, line: str) -> None:
    answer = client.post(f"{AT}/postnummer", data={"postcodes": f"503 Borås\n{line}"})
    assert (answer.status_code, "Rad 2 börjar inte med ett postnummer" in answer.text) == (422, True)
    assert line in html.fromstring(answer.text).xpath("//textarea")[0].text
    assert db.session.query(Postcode).count() == 5


@pytest.mark.parametrize("role", [None, Role.EDITOR])
def test_a_large_file_is_not_even_received_from_who_may_not_send_it(
    app: Flask, signed_in_client: Callable[[Role], Visitor], role: Role | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)  # the check reads the form before the guard asks
    browser = signed_in_client(role) if role else visitor(app)
    more = b"x" * (int(app.config["MAX_CONTENT_LENGTH"]) + 1)
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + more + b"\r\n--b--\r\n"
    answer = browser.post(f"{AT}/ny", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413


def test_the_first_lines_of_a_list_are_shown_without_personal_numbers(client: Visitor) -> None:
    person = personal_number(7)
    status, page, _ = sent(client, f"Företag;Orgnr\nÅsas Garn;19{person}\n".encode(), "a.csv")
    assert (status, "Åsas Garn" in page) == (200, True)
    shown = html.fromstring(page).text_content()
    assert person not in shown
