"""SCB's bulk file: Latin-1, tabs, stars for nothing, branches with their version, and who wants no advertising."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eventsys.companies.models import Origin
from tests.companies.imports.generator import SCB, bolagsverket_line, number, personal_number, scb_line
from tests.companies.imports.scenes import (
    adds_up,
    bolagsverket_file,
    codes_of,
    companies,
    company,
    everything,
    lines_of,
    make_company,
    scb_file,
    taken_in,
    zipped,
)

pytestmark = pytest.mark.usefixtures("ours")


def test_a_line_becomes_a_company_with_its_branches(folder: Path) -> None:
    line = scb_line(number(1), 'Åsas "Trådar" AB', Ng1="13100", Ng2="46410", Ng3="00000", RegDatKtid="20260305")
    taken_in(scb_file(folder / "a.txt", [line]))
    one = company(number(1))
    assert (one.name, one.legal_form, one.registered_on) == ('Åsas "Trådar" AB', "Aktiebolag", date(2026, 3, 5))
    assert (one.care_of, one.street, one.postcode, one.place) == ("", "Storgatan 1", "50330", "Borås")
    assert codes_of(one) == [("2007", "13100"), ("2007", "46410")]
    assert (one.origin, one.refuses_advertising) == (Origin.SCB, False)


@pytest.mark.parametrize(("kind", "refuses"), [("1", False), ("11", False), ("2", True), ("21", True), ("23", True)])
def test_who_has_opted_out_of_advertising_is_marked(folder: Path, kind: str, refuses: bool) -> None:
    make_company(number=number(1), refuses_advertising=not refuses)
    taken_in(scb_file(folder / "a.txt", [scb_line(number(1), Reklamsparrtyp=kind)]))
    assert company(number(1)).refuses_advertising is refuses


def test_what_the_file_does_not_say_is_left_alone(folder: Path) -> None:
    make_company(number=number(1), refuses_advertising=True, street="Egen gata 1", legal_form="Handelsbolag")
    stars = dict.fromkeys(("Reklamsparrtyp", "Gatuadress", "PostNr", "PostOrt", "Ng1", "RegDatKtid"), "*")
    taken_in(scb_file(folder / "a.txt", [scb_line(number(1), JurForm="31", **stars)]))
    one = company(number(1))
    assert (one.refuses_advertising, one.street, one.legal_form) == (True, "Egen gata 1", "Handelsbolag")


def test_people_are_counted_and_never_taken_in(folder: Path) -> None:
    lines = [scb_line(personal_number(n), "Enskild", prefix) for n, prefix in enumerate(("19", "20", "19"))]
    found = taken_in(
        scb_file(folder / "a.txt", [*lines, scb_line(number(1), FtgStat="0"), scb_line(number(2), FtgStat="9")])
    )
    assert found.counts == {"new": 2, "passed_over": 3, "passed_over:sole_trader": 3}


def test_codes_of_the_new_version_stand_beside_the_old_ones(folder: Path) -> None:
    path = scb_file(folder / "a.txt", [scb_line(number(1), Ng1="13100")])
    taken_in(path)
    taken_in(scb_file(folder / "b.txt", [scb_line(number(1), Ng1="13102", Ng2="46411")]), sni="2025")
    assert sorted(codes_of(company(number(1)))) == [("2007", "13100"), ("2025", "13102"), ("2025", "46411")]
    assert taken_in(path).counts == {"same": 1}


def test_a_file_that_somebody_saved_as_utf8_is_read_rightly(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(f"{SCB}\n{scb_line(number(1), 'Öbergs Åkeri AB')}\n".encode())
    taken_in(path)
    assert company(number(1)).name == "Öbergs Åkeri AB"


def test_the_two_bulk_files_do_not_take_turns(folder: Path) -> None:
    scb = zipped(scb_file(folder / "scb.txt", [scb_line(number(1), JurForm="31", RegDatKtid="20200115")]))
    bolagsverket = bolagsverket_file(folder / "b.txt", [bolagsverket_line(number(1), form="HB-ORGFO")])
    for path in (scb, bolagsverket, scb):
        taken_in(path)
    before = everything()
    assert taken_in(bolagsverket).counts == taken_in(scb).counts == {"same": 1}
    assert everything() == before
    assert company(number(1)).legal_form == "Handelsbolag"


def test_lines_with_other_fields_are_refused(folder: Path) -> None:
    lines = [scb_line(number(1)), "en\trad", scb_line("5532"), scb_line(number(2)), scb_line(number(3))]
    found = taken_in(scb_file(folder / "a.txt", lines))
    assert [line.line for line in lines_of(found) if line.verdict == "refused"] == [3, 4]
    assert (len(companies()), adds_up(found)) == (3, True)
