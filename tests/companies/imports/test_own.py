"""Our own lists: columns by name, companies and contacts, and what a list may change of what the registers say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, event, insert, select, text

from eventsys.clock import now
from eventsys.companies.archiving import archive
from eventsys.companies.imports import applying
from eventsys.companies.merging import merge
from eventsys.companies.models import Company, CompanyKind, Contact, ImportState, Origin, Verdict
from eventsys.companies.queries import HELD
from eventsys.database import db, transaction
from tests.companies.imports.generator import number, personal_number
from tests.companies.imports.scenes import (
    adds_up,
    codes_of,
    companies,
    company,
    csv_file,
    everything,
    lines_of,
    make_company,
    read,
    taken_in,
    workbook,
)

HEAD = "Företag;Orgnr;Gatuadress;Postnr;Ort;Kontaktperson;Roll;E-post;Telefon;Etiketter;SNI;Anställda;Slag;Reklamspärr"


def line(*cells: str) -> str:
    return ";".join(cells) + ";" * (HEAD.count(";") + 1 - len(cells))


FULL = line(
    "Väveriet AB", number(1), "Storgatan 1", "503 30", "Borås", "Åsa Ek", "vd", "Asa@vaveriet.example", "033-35 70 00",
    "Textil, Viared", "13.100", "12", "Företag", "nej",
)  # fmt: skip


def test_a_line_becomes_a_company_with_contact_tags_and_branch(app: object, folder: Path) -> None:
    found = taken_in(csv_file(folder / "a.csv", f"{HEAD}\n{FULL}\n"))
    one = company(number(1))
    assert (one.name, one.street, one.postcode, one.place, one.employees) == (
        "Väveriet AB", "Storgatan 1", "50330", "Borås", 12,
    )  # fmt: skip
    (person,) = one.contacts
    assert (person.name, person.role, person.email, person.email_key) == (
        "Åsa Ek", "vd", "Asa@vaveriet.example", "asa@vaveriet.example",
    )  # fmt: skip
    assert (person.phone, person.phone_e164, person.attached_at) == ("033-35 70 00", "+4633357000", None)
    assert ([tag.name for tag in one.tags], codes_of(one)) == (["Textil", "Viared"], [("2007", "13100")])
    assert (one.origin, one.kind, found.state) == (Origin.OWN_LIST, CompanyKind.COMPANY, ImportState.DONE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_lists_come_in_any_usual_writing(app: object, folder: Path, encoding: str, mark: str) -> None:
    text = f"Företag{mark}Ort\nÅkes Öl AB{mark}Borås\n"
    taken_in(csv_file(folder / "a.csv", text, encoding))
    assert [(one.name, one.place) for one in companies()] == [("Åkes Öl AB", "Borås")]


def test_an_excel_file_is_read_and_its_formulas_are_text(app: object, folder: Path) -> None:
    path = folder / "a.xlsx"
    path.write_bytes(workbook([["Namn", "Orgnr", "Anställda"], ["=1+1", int(number(1)), 7.0]]))
    taken_in(path)
    assert (company(number(1)).name, company(number(1)).employees) == ("=1+1", 7)


def test_several_lines_of_a_company_add_contacts_to_one(app: object, folder: Path) -> None:
    lines = [
        line("Väveriet AB", "", "", "503 30", "", "Bo Ek", "", "bo@vaveriet.example"),
        FULL,
        line("Väveriet AB", number(1), "", "", "", "Cecilia Öst", "", "c@vaveriet.example"),
        line("Färgeriet AB", "", "", "504 65", "", "", "", "info@fargeriet.example"),
        line("färgeriet ab", "", "", "50465", "", "Dan Al", "", "dan@fargeriet.example"),
    ]
    found = taken_in(csv_file(folder / "a.csv", "\n".join([HEAD, *lines])))
    assert [(one.name, len(one.contacts)) for one in companies()] == [("Väveriet AB", 3), ("Färgeriet AB", 2)]
    assert found.counts == {"new": 2, "passed_over": 3, "passed_over:joined": 3}
    assert adds_up(found)
    assert {line.remark for line in lines_of(found, Verdict.PASSED_OVER)} == {
        "Hör till samma företag som rad 2 och läggs ihop med den.",
        "Hör till samma företag som rad 5 och läggs ihop med den.",
    }


def test_a_list_taken_in_again_changes_nothing(app: object, folder: Path) -> None:
    others = [
        line("Utan Nummer AB", "", "", "50465", "", "", "", "x@utan.example"),
        line("Bara namn"),
        line("Tel", "", "", "", "", "", "", "", "0701234567"),
    ]
    path = csv_file(folder / "a.csv", "\n".join([HEAD, FULL, *others]))
    taken_in(path)
    before = everything()
    assert taken_in(path).counts == {"same": 4}
    assert everything() == before


def test_a_company_without_number_is_found_by_name_and_postcode_or_by_address(app: object, folder: Path) -> None:
    by_name = make_company("Åkes Garn", postcode="50330")
    by_address = make_company("Garnhuset i Borås AB")
    make_company("Åkes Garn", postcode="50465")
    with transaction():
        db.session.add(
            Contact(company_id=by_address.id, email="i@garn.example", email_key="i@garn.example", created_at=now())
        )
    lines = [
        line("akes garn", "", "", "503 30", "", "", "", "ny@akes.example"),
        line("Garnhuset", "", "", "", "", "Eva Ek", "", "I@garn.example"),
    ]
    found = taken_in(csv_file(folder / "a.csv", "\n".join([HEAD, *lines])))
    assert found.counts == {"changed": 2}
    rows = {one.id: one for one in companies()}
    assert [one.email for one in rows[by_name.id].contacts] == ["ny@akes.example"]
    assert rows[by_address.id].name == "Garnhuset i Borås AB", "who is found by an address keeps its name"
    assert rows[by_address.id].contacts[0].name == "Eva Ek"


def test_two_lines_that_lead_to_the_same_known_company_count_alike_in_dry_run_and_import(
    app: object, folder: Path
) -> None:
    make_company("Åkes Garn", postcode="50330", number=number(5))
    lines = [
        line("Åkes Garn", number(5), "", "", "", "A", "", "a@akes.example"),
        line("Åkes Garn", "", "", "503 30", "", "B", "", "a@akes.example"),
        line("Åkes Garn", "", "", "503 30", "", "C", "", "c@akes.example"),
    ]
    found = taken_in(csv_file(folder / "a.csv", "\n".join([HEAD, *lines])))
    assert (found.counts["changed"], adds_up(found)) == (1, True)
    assert sorted(one.email for one in company(number(5)).contacts) == ["a@akes.example", "c@akes.example"]


def test_what_the_official_files_say_goes_before_a_list(app: object, folder: Path) -> None:
    make_company(
        "Väveriet i Borås AB", number=number(1), street="Lagagatan 2", postcode="50465", place="Borås",
        origin=Origin.BOLAGSVERKET, registered_on=date(2020, 1, 1), refuses_advertising=True,
    )  # fmt: skip
    taken_in(csv_file(folder / "a.csv", f"{HEAD}\n{FULL}\n"))
    one = company(number(1))
    assert (one.name, one.street, one.refuses_advertising) == ("Väveriet i Borås AB", "Lagagatan 2", True)
    assert (one.employees, len(one.contacts), len(one.tags)) == (12, 1, 2)


def test_a_merged_number_leads_to_the_kept_company(app: object, folder: Path) -> None:
    kept = make_company("Kvar AB", number=number(2))
    make_company("Borta AB", number=number(1), archived_at=now(), merged_into_id=kept.id)
    taken_in(csv_file(folder / "a.csv", f"{HEAD}\n{FULL}\n"))
    assert (company(number(2)).name, [one.name for one in company(number(2)).contacts]) == ("Kvar AB", ["Åsa Ek"])


@pytest.mark.parametrize("fate", ["merged", "archived"])
def test_a_company_without_number_that_was_put_away_does_not_come_back(app: object, folder: Path, fate: str) -> None:
    path = csv_file(folder / "a.csv", f"{HEAD}\n{line('Åkes Garn', '', 'Gatan 1', '503 30', 'Borås')}\n")
    taken_in(path)
    (first,) = companies()
    kept = make_company("Åkes Garn & Tyg AB", number=number(2), street="Gatan 1", postcode="50330", place="Borås")
    with transaction():
        if fate == "merged":
            merge(kept.id, first.id, now())
        else:
            archive(first.id, "Upphört")
    before = everything()
    found = taken_in(path)
    assert (found.counts, everything()) == ({"same": 1}, before)


def test_a_registration_does_not_wait_for_an_import(app: Flask, folder: Path) -> None:
    """On PostgreSQL an import holds its companies for as long as it takes; who registers there only refers to them."""
    make_company("Väveriet AB", number=number(1))
    found = read(csv_file(folder / "a.csv", f"{HEAD}\n{FULL}\n"))
    with transaction():
        applying.confirm(found.id)
        given = applying.take(found.id, now())

    def take_in() -> object:
        assert given is not None
        return applying.take_in(given, now()).id

    if db.engine.dialect.name == "postgresql":
        with transaction():
            take_in()
            with db.engine.begin() as other:
                other.execute(text("SET LOCAL lock_timeout = '200ms'"))
                number_of_it = select(Company.id).where(Company.number == number(1))
                other.execute(number_of_it.with_for_update(**HELD)).one()
    else:
        with transaction():
            take_in()
    assert company(number(1)).employees == 12


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_company_that_somebody_begins_while_a_list_is_taken_in_is_found(app: Flask, folder: Path) -> None:
    """Also when the list has new tags, which are made anew with the rest."""
    found = read(csv_file(folder / "a.csv", f"{HEAD}\n{FULL}\n{line('Ek AB', number(2), *[''] * 7, 'Textil')}\n"))
    with transaction():
        applying.confirm(found.id)
        given = applying.take(found.id, now())

    def begin(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO company ") and not begun:
            begun.append(1)
            with db.engine.begin() as other:
                values = {"name": "Eks", "number": number(2), "created_at": now(), "kept_by_hand": []}
                other.execute(insert(Company), values)

    begun: list[int] = []
    event.listen(db.engine, "before_cursor_execute", begin)
    try:
        assert given is not None
        with transaction():
            done = applying.take_in(given, now())
    finally:
        event.remove(db.engine, "before_cursor_execute", begin)
    assert (done.counts["new"], done.counts["changed"]) == (1, 1)
    assert [tag.name for tag in company(number(2)).tags] == ["Textil"]


def test_numbers_of_employees_that_no_company_has_are_none(app: object, folder: Path) -> None:
    lines = [line("Ek AB", number(1), *[""] * 9, cell) for cell in ("0001912121212", "00012", "999999999999")]
    taken_in(csv_file(folder / "a.csv", "\n".join([HEAD, lines[0].replace(number(1), number(2)), *lines[1:]])))
    assert (company(number(2)).employees, company(number(1)).employees) == (None, 12)


def test_a_sole_traders_number_is_dropped_and_the_report_says_so_without_it(app: object, folder: Path) -> None:
    person = personal_number(4)
    found = taken_in(csv_file(folder / "a.csv", f"{HEAD}\n{line('Åsas Garn', person)}\n"))
    (one,) = companies()
    assert (one.name, one.number) == ("Åsas Garn", None)
    (told,) = lines_of(found)
    assert "personnummer" in told.remark
    assert person not in told.remark


def test_cells_that_cannot_be_read_are_told_and_the_rest_is_taken(app: object, folder: Path) -> None:
    bad = line("Åsas Garn", "12345", "", "5033", "", "Åsa", "", "ingen adress", "", "", "", "många", "okänt", "kanske")
    found = taken_in(csv_file(folder / "a.csv", f"{HEAD}\n{bad}\n{line('', number(3))}\n{line('Ek AB')}\n"))
    told, refused, _ = lines_of(found)
    for word in ("Organisationsnumret", "Postnumret", "E-postadressen", "anställda", "Typen", "Reklamspärren"):
        assert word in told.remark
    assert (refused.verdict, refused.remark) == (Verdict.REFUSED, "Raden har inget företagsnamn.")
