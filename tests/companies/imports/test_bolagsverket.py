"""Bolagsverket's bulk file: its quotes, subfields and rows, what is ours, and what becomes of companies we know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eventsys.clock import now
from eventsys.companies.models import ImportState, Merge, Origin, Verdict
from eventsys.database import db, transaction
from tests.companies.imports.generator import bolagsverket_line, number, personal_number
from tests.companies.imports.scenes import (
    adds_up,
    bolagsverket_file,
    companies,
    company,
    everything,
    lines_of,
    make_company,
    read,
    taken_in,
    zipped,
)

pytestmark = pytest.mark.usefixtures("ours")


def test_a_line_becomes_a_company_with_words_for_codes(folder: Path) -> None:
    line = bolagsverket_line(
        number(1), "Åkessons Väveri AB", registered="2026-03-05", address="Storgatan 1$c/o Ek$BORÅS$50330$SE-LAND"
    )
    found = taken_in(bolagsverket_file(folder / "a.txt", [line]))
    one = company(number(1))
    assert (one.name, one.legal_form, one.registered_on) == ("Åkessons Väveri AB", "Aktiebolag", date(2026, 3, 5))
    assert (one.street, one.care_of, one.postcode, one.place) == ("Storgatan 1", "c/o Ek", "50330", "Borås")
    assert (one.origin, one.search_key) == (Origin.BOLAGSVERKET, f"akessons vaveri ab {number(1)}")
    assert (found.state, found.counts) == (ImportState.DONE, {"new": 1})


def test_the_newest_company_name_is_the_name(folder: Path) -> None:
    names = (
        "Gamla AB$FORETAGSNAMN-ORGNAM$2001-01-01|Nya AB$FORETAGSNAMN-ORGNAM$2020-05-05"
        "|Bifirman$SARSKILT_FORETAGSNAMN-ORGNAM$2024-01-01$Handel"
    )
    taken_in(bolagsverket_file(folder / "a.txt", [bolagsverket_line(number(1), name=names)]))
    assert company(number(1)).name == "Nya AB"


@pytest.mark.parametrize(
    "text",
    [
        'Kaféet "Nålen"', 'Handel med "tråd";"garn";"knappar"', "Handel; även annan", 'slut"',
        "rad ett\nrad två\nrad tre",
        "rad\r\n\r\nefter en tom",
    ],
)  # fmt: skip
def test_quotes_separators_and_line_breaks_in_a_description_part_no_line(folder: Path, text: str) -> None:
    lines = [bolagsverket_line(number(1), text=text), bolagsverket_line(number(2))]
    found = taken_in(bolagsverket_file(folder / "a.txt", lines))
    assert [one.number for one in companies()] == [number(1), number(2)]
    assert (found.lines, adds_up(found)) == (2, True)


def test_what_is_not_ours_is_passed_over_and_counted_by_reason(folder: Path) -> None:
    lines = [
        bolagsverket_line(number(1), postcode="11122", place="STOCKHOLM"),
        bolagsverket_line(personal_number(1), "Enskild", "PERSON-IDORG"),
        bolagsverket_line(personal_number(2), "Dödsbo", "DODSBO-IDORG"),
        bolagsverket_line(number(2), gone="2024-02-29"),
        bolagsverket_line(number(3), procedure="|KK-AVOMFO$2026-01-07"),
        bolagsverket_line(number(4), address="Strasse 1$$KÖLN$50330$DE-LAND"),
        bolagsverket_line("X1", kind="UTLANDSK_JURIDISK_IDENTITETSBETECKNING-IDORG"),
        bolagsverket_line(number(5), address=""),
        bolagsverket_line(number(6)),
        bolagsverket_line(number(6), row="2"),
        bolagsverket_line(number(7), land="NO-LAND", form="FL-ORGFO"),
        bolagsverket_line(number(8), procedure="|KKAVOV-AVSLAVOMFO$2020-01-07"),
    ]
    found = taken_in(bolagsverket_file(folder / "a.txt", lines))
    assert found.counts == {
        "new": 3, "passed_over": 9, "passed_over:elsewhere": 3, "passed_over:sole_trader": 2,
        "passed_over:deregistered": 1, "passed_over:procedure": 1, "passed_over:foreign": 1, "passed_over:repeated": 1,
    }  # fmt: skip
    assert [one.number for one in companies()] == [number(6), number(7), number(8)]
    assert company(number(7)).legal_form == "Filial"


def test_a_known_company_gets_facts_wherever_it_has_moved(folder: Path) -> None:
    make_company("Väveriet", number=number(1), postcode="50330", place="Borås", street="Storgatan 1")
    line = bolagsverket_line(
        number(1),
        "Väveriet i Umeå AB",
        postcode="90325",
        place="UMEÅ",
        procedure="KK-AVOMFO$2026-01-01",
        gone="2026-05-05",
    )
    found = taken_in(bolagsverket_file(folder / "a.txt", [line]))
    one = company(number(1))
    assert (one.name, one.place, one.postcode) == ("Väveriet i Umeå AB", "Umeå", "90325")
    assert (one.procedure, one.deregistered_on) == ("Konkurs", date(2026, 5, 5))
    assert one.origin is Origin.REGISTRATION
    assert one.registered_on == date(2020, 1, 1), "who came by a registration is new from its day with Bolagsverket"
    (line_told,) = lines_of(found)
    assert line_told.verdict is Verdict.CHANGED
    assert "hette Väveriet" in line_told.remark
    assert "förfarande" in line_told.remark


def test_a_procedure_that_is_over_is_over(folder: Path) -> None:
    make_company(number=number(1), procedure="Konkurs")
    taken_in(bolagsverket_file(folder / "a.txt", [bolagsverket_line(number(1))]))
    assert company(number(1)).procedure == ""


def test_an_unknown_code_is_kept_as_it_is(folder: Path) -> None:
    make_company(number=number(1))
    taken_in(
        bolagsverket_file(
            folder / "a.txt", [bolagsverket_line(number(1), form="XYZ-ORGFO", procedure="QQ-AVOMFO$2026")]
        )
    )
    assert (company(number(1)).legal_form, company(number(1)).procedure) == ("XYZ", "QQ")


def test_a_file_taken_in_again_changes_nothing(folder: Path) -> None:
    lines = [
        bolagsverket_line(number(1)), bolagsverket_line(number(2), "FÄRGERIET AB"),
        bolagsverket_line(number(3), postcode="90325"), bolagsverket_line(number(3), row="2"),
    ]  # fmt: skip
    path = zipped(bolagsverket_file(folder / "a.txt", lines, "\r\n"))
    taken_in(path)
    before = everything()
    again = taken_in(path)
    assert {name: again.counts.get(name, 0) for name in ("new", "changed", "same")} == {
        "new": 0,
        "changed": 0,
        "same": 2,
    }
    assert everything() == before


def test_letters_in_other_case_are_no_change(folder: Path) -> None:
    make_company(
        "VÄVERIET ab", number=number(1), street="STORGATAN 1", postcode="50330", place="BORÅS",
        legal_form="Aktiebolag", registered_on=date(2020, 1, 1),
    )  # fmt: skip
    assert read(bolagsverket_file(folder / "a.txt", [bolagsverket_line(number(1))])).counts == {"same": 1}


def test_columns_set_by_hand_are_left_and_the_report_says_so(folder: Path) -> None:
    make_company("Väveriet", number=number(1), street="Egna gatan 5", postcode="50465", kept_by_hand=["name", "street"])
    found = taken_in(bolagsverket_file(folder / "a.txt", [bolagsverket_line(number(1), "Annat AB")]))
    one = company(number(1))
    assert (one.name, one.street, one.postcode) == ("Väveriet", "Egna gatan 5", "50330")
    assert "Satt för hand och ändras inte: namn, adress." in lines_of(found)[0].remark


def test_archived_and_merged_companies_are_left_as_they_are(folder: Path) -> None:
    kept = make_company("Kvar AB", number=number(1))
    make_company("Arkivet AB", number=number(2), archived_at=now(), archived_why="Lades ner")
    merged = make_company("Borta AB", number=number(3), archived_at=now(), merged_into_id=kept.id)
    with transaction():
        db.session.add(Merge(kept_id=kept.id, merged_id=merged.id, at=now()))
    before = everything()
    lines = [bolagsverket_line(number(2), "Nytt AB"), bolagsverket_line(number(3), "Nyare AB")]
    found = taken_in(bolagsverket_file(folder / "a.txt", lines))
    assert everything() == before
    assert [(line.verdict, line.remark.split()[1]) for line in lines_of(found)] == [
        (Verdict.SAME, "arkiverat"), (Verdict.SAME, "sammanslaget"),
    ]  # fmt: skip


def test_a_bad_check_digit_of_ours_is_refused_and_told(folder: Path) -> None:
    wrong = number(1)[:-1] + str((int(number(1)[-1]) + 1) % 10)
    lines = [
        bolagsverket_line(wrong),
        bolagsverket_line(number(2)),
        bolagsverket_line(number(3), name="$X-ORGNAM$2020"),
    ]
    found = taken_in(bolagsverket_file(folder / "a.txt", lines))
    assert [line.remark for line in lines_of(found, Verdict.REFUSED)] == [
        "Organisationsnumret stämmer inte.", "Raden har inget företagsnamn.",
    ]  # fmt: skip
    assert [one.number for one in companies()] == [number(2)]


def test_a_few_lines_that_are_no_records_are_refused_by_their_numbers(folder: Path) -> None:
    lines = [
        bolagsverket_line(number(1)),
        "skräp",
        '"kort";"rad"',
        bolagsverket_line(number(2)),
        bolagsverket_line(number(3)),
    ]
    found = taken_in(bolagsverket_file(folder / "a.txt", lines))
    assert [line.line for line in lines_of(found, Verdict.REFUSED)] == [3, 4]
    assert (len(companies()), adds_up(found)) == (3, True)
