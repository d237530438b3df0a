"""The list of companies: found by name, number and filters, in Swedish order, page by page, and taken out as it is."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.companies.models import CompanyKind, Origin
from tests.companies.pages.scenes import REGISTER, acts, make_company, make_tag, make_visit, names_in, new_number
from tests.desk.scenes import QueryCounter
from tests.staff_fixtures import Visitor


def found(client: Visitor, query: str = "") -> list[str]:
    return names_in(client.get(f"{REGISTER}?{query}"))


def test_companies_stand_in_swedish_order(client: Visitor) -> None:
    for name in ("Öberg AB", "Zeta AB", "Ängen AB", "Wik AB", "Åkesson AB", "Alm AB", "Vik AB", "Éclair AB"):
        make_company(name)
    assert found(client) == [
        "Alm AB", "Éclair AB", "Vik AB", "Wik AB", "Zeta AB", "Åkesson AB", "Ängen AB", "Öberg AB",
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["akesson", "ÅKESSON", "vaveri ake", "{number}", "{shown}", "{start}"])
def test_a_search_finds_a_name_without_its_rings_and_a_number(client: Visitor, word: str) -> None:
    number = new_number()
    make_company("Åkessons Väveri AB", number=number)
    make_company("Färgeriet AB", number=new_number())
    shown = f"{number[:6]}-{number[6:]}"
    word = word.format(number=number, shown=shown, start=number[:7] + number[7:9])
    assert found(client, f"sok={word}") == ["Åkessons Väveri AB"]


def test_filters_narrow_the_list_each_and_together(client: Visitor) -> None:
    tagged = make_company(
        "Rätt AB", ("info@ratt.example",), ("62010",), place="Borås", postcode="50430", employees=12,
        origin=Origin.SCB, kind=CompanyKind.ASSOCIATION,
    )  # fmt: skip
    make_company("Fel AB", (), ("13100",), place="Göteborg", postcode="41104", employees=200)
    tag = make_tag("Textil", tagged)
    narrow = [
        "typ=association", f"etikett={tag}", "plats=boras", "plats=504", "plats=504+30", "sni=62", "sni=62.010",
        "kalla=scb", "mest=12", "minst=12&mest=199",
    ]  # fmt: skip
    for query in (*narrow, "&".join(narrow[:2] + narrow[4:6])):
        assert found(client, query) == ["Rätt AB"], query
    assert found(client, "visa=utan-epost") == ["Fel AB"]
    assert found(client, "minst=200") == ["Fel AB"]
    assert len(found(client)) == 2


def test_archived_and_merged_companies_are_out_of_the_list(client: Visitor) -> None:
    kept = make_company("Kvar AB")
    make_company("Undan AB", archived_at=now(), archived_why="Flyttat från Borås")
    make_company("Sammanslaget AB", archived_at=now(), merged_into_id=kept)
    assert found(client) == ["Kvar AB"]
    away = client.get(f"{REGISTER}?visa=arkiverade")
    assert names_in(away) == ["Undan AB"]
    assert "Flyttat från Borås" in away.text


def test_the_list_is_ordered_by_registration_or_latest_visit(client: Visitor) -> None:
    old = make_company("Gammal AB", registered_on=date(2020, 1, 2))
    new = make_company("Ny AB", registered_on=date(2026, 3, 4))
    make_company("Okänd AB")
    make_visit(old, date(2026, 5, 6))
    make_visit(old, date(2024, 1, 1))
    make_visit(new, date(2025, 1, 1))
    assert found(client, "ordning=nyast") == ["Ny AB", "Gammal AB", "Okänd AB"]
    assert found(client, "ordning=besok") == ["Gammal AB", "Ny AB", "Okänd AB"]


def test_information_is_not_shown_as_the_latest_visit(client: Visitor) -> None:
    make_visit(make_company(), date(2019, 5, 6), form="information")
    assert "6 maj 2019" not in client.get(REGISTER).text


def test_long_lists_are_read_page_by_page(client: Visitor) -> None:
    for number in range(53):
        make_company(f"Bolag {number:03} AB")
    first, last = client.get(REGISTER), client.get(f"{REGISTER}?sida=9&sok=bolag")
    assert (names_in(first)[0], len(names_in(first))) == ("Bolag 000 AB", 50)
    assert "1–50 av 53" in first.text
    assert names_in(last) == ["Bolag 050 AB", "Bolag 051 AB", "Bolag 052 AB"]
    assert "sok=bolag&amp;sida=1" in last.text


@pytest.mark.parametrize(
    "query",
    ["sida=99999999999", "minst=abc", "minst=99999999999", "mest=-1", "sni=textil", "etikett=999", "etikett=x",
     "typ=x", "kalla=%00", "ordning=x", "plats=%25", "sok=%25_%27", "visa=x", "sok=" + "å" * 300, "sok=%00"],
)  # fmt: skip
def test_an_odd_address_is_no_error(client: Visitor, query: str) -> None:
    make_company("Vik AB")
    assert client.get(f"{REGISTER}?{query}").status_code == 200


def test_a_filter_that_cannot_be_read_says_so_and_narrows_nothing(client: Visitor) -> None:
    make_company("Vik AB")
    page = client.get(f"{REGISTER}?minst=tolv&sni=textil")
    assert "Skriv antalet med siffror." in page.text
    assert "Skriv början på en SNI-kod" in page.text
    assert names_in(page) == ["Vik AB"]


def test_an_empty_register_says_what_to_do(client: Visitor) -> None:
    page = client.get(REGISTER).text
    assert "Inga företag än" in page
    assert f'href="{REGISTER}/nytt"' in page
    make_company("Vik AB")
    assert "Inget företag passar in" in client.get(f"{REGISTER}?sok=finnsinte").text
    assert "Arkivet är tomt" in client.get(f"{REGISTER}?visa=arkiverade").text


def test_the_list_costs_the_same_however_many_rows_it_has(client: Visitor, count_queries: QueryCounter) -> None:
    def cost() -> int:
        client.get(f"{REGISTER}?ordning=besok")
        with count_queries() as statements:
            assert client.get(f"{REGISTER}?ordning=besok").status_code == 200
        return len(statements)

    for times in (2, 30):
        ids = [make_company(addresses=("a@vik.example",)) for _ in range(times)]
        make_tag(f"Etikett {times}", *ids)
        for company_id in ids:
            make_visit(company_id, date(2026, 1, 2))
        costs = cost() if times == 2 else costs  # noqa: F821
    assert cost() == costs <= 7


# --- taken out ----------------------------------------------------------------------------------------------------


def sheet_of(content: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_the_file_holds_exactly_what_the_list_shows(client: Visitor) -> None:
    number = new_number()
    right = make_company(
        "Öberg & Co AB", ("a@oberg.example", "b@oberg.example"), ("62010",), number=number, place="Borås",
        employees=0, registered_on=date(2026, 3, 4),
    )  # fmt: skip
    make_company("Åkesson AB", place="Borås")
    make_company("Fel AB", place="Göteborg")
    make_tag("Textil", right)
    make_visit(right, date(2026, 4, 5))
    answer = client.get(f"{REGISTER}/lista.xlsx?plats=boras")
    head, *rows = sheet_of(answer.data)
    assert [row[0] for row in rows] == ["Åkesson AB", "Öberg & Co AB"]
    row = dict(zip(head, rows[1], strict=True))
    assert row["Organisationsnummer"] == f"{number[:6]}-{number[6:]}"
    assert (row["E-post"], row["SNI 2025"], row["Anställda"]) == ("a@oberg.example, b@oberg.example", "62010", 0)
    assert (row["Etiketter"], str(row["Senaste besök"])[:10]) == ("Textil", "2026-04-05")
    assert acts()[-1] == "company.exported"


def test_a_name_that_looks_like_a_formula_is_text_in_the_csv(client: Visitor) -> None:
    make_company("=1+1 AB")
    assert '"\'=1+1 AB"' in client.get(f"{REGISTER}/lista.csv").data.decode()


def test_editors_look_but_take_out_no_list(app: Flask, client: Visitor, editors: Visitor) -> None:
    make_company("Vik AB")
    assert "lista.xlsx" in client.get(REGISTER).text
    page = editors.get(REGISTER)
    assert names_in(page) == ["Vik AB"]
    assert "lista.xlsx" not in page.text
    assert editors.get(f"{REGISTER}/lista.xlsx").status_code == 403
