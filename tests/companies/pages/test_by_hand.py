"""A company by hand: added, changed, kept from imports, archived and brought back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.companies.models import Company, CompanyKind, Origin
from eventsys.companies.numbers import shown
from eventsys.database import db
from tests.companies.pages.scenes import REGISTER, acts, company, company_form, hidden, make_company, new_number
from tests.staff_fixtures import Visitor

NEW = f"{REGISTER}/nytt"


def the_only() -> Company:
    return db.session.scalars(select(Company)).one()


def test_a_company_is_added_with_everything(client: Visitor) -> None:
    number = new_number()
    answer = client.post(NEW, data=company_form(
        number=shown(number), kind="association", legal_form="Ideell förening", employees="1 200", care_of="Bo Alm",
        street="Åsvägen 1", postcode="504 30", place="Borås", website="www.akesson.example", sni_2007="62.010, 13100",
        sni_2025="62.100\n62", registered_on="2026-03-04", refuses_advertising="y",
    ))  # fmt: skip
    made = the_only()
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{made.id}")
    assert (made.name, made.number, made.kind, made.origin) == (
        "Åkessons Väveri AB", number, CompanyKind.ASSOCIATION, Origin.HAND,
    )  # fmt: skip
    assert (made.employees, made.postcode, made.website) == (1200, "50430", "https://www.akesson.example")
    assert [(one.version, one.code) for one in made.codes] == [
        ("2007", "62010"), ("2007", "13100"), ("2025", "62100"), ("2025", "62"),
    ]  # fmt: skip
    assert (made.registered_on, made.refuses_advertising) == (date(2026, 3, 4), True)
    assert acts() == ["company.added"]


def test_what_was_filled_in_is_kept_by_hand_and_the_rest_is_for_imports(client: Visitor) -> None:
    client.post(NEW, data=company_form(place="Borås", employees="0"))
    assert the_only().kept_by_hand == ["name", "employees", "place"]


@pytest.mark.parametrize("number", ["850101-1231", "198501011231", "8501011231", "20 850101 1231"])
def test_a_personal_number_is_neither_kept_nor_shown(client: Visitor, number: str) -> None:
    answer = client.post(NEW, data=company_form(number=number))
    assert answer.status_code == 422
    assert "En enskild firma läggs in utan nummer" in answer.text
    assert number not in answer.text
    assert db.session.scalars(select(Company)).all() == []


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("name", "", "Skriv företagets namn."),
        ("name", "Bo Alm 850101-1236", "Texten har ett personnummer i sig."),
        ("care_of", "19850101-1236", "Texten har ett personnummer i sig."),
        ("number", "553", "Organisationsnumret ska ha tio siffror."),
        ("number", "5560000000", "Organisationsnumret stämmer inte."),
        ("employees", "många", "Skriv antalet med siffror."),
        ("employees", "99999999999", "Skriv antalet anställda som ett tal"),
        ("postcode", "5043", "Skriv postnumret med fem siffror"),
        ("website", "javascript:alert(1)", "Skriv webbadressen som"),
        ("website", "http://", "Skriv webbadressen som"),
        ("website", "https://bo:hemligt@ek.example", "Skriv webbadressen som"),
        ("sni_2025", "62010, textil", "”textil” är ingen SNI-kod"),
        ("registered_on", "i våras", "Skriv datumet som år-månad-dag"),
        ("kind", "annat", "not a valid choice"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_is_kept(client: Visitor, field: str, written: str, said: str) -> None:
    answer = client.post(NEW, data=company_form(**{field: written}))
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.text
    if field != "kind":
        assert said in answer.text
    assert db.session.scalars(select(Company)).all() == []


def test_a_number_that_is_there_leads_to_its_company(client: Visitor) -> None:
    number = new_number()
    other = make_company("Den som finns AB", number=number)
    answer = client.post(NEW, data=company_form(number=number))
    assert answer.status_code == 422
    assert "Numret finns redan i registret, hos Den som finns AB." in answer.text
    assert f'href="{REGISTER}/{other}"' in answer.text


def test_the_number_of_a_merged_company_leads_to_the_one_it_went_into(client: Visitor) -> None:
    number, kept = new_number(), make_company("Kvar AB")
    make_company("Borta AB", number=number, archived_at=now(), merged_into_id=kept)
    answer = client.post(NEW, data=company_form(number=number))
    assert f'href="{REGISTER}/{kept}"' in answer.text


# --- changed ------------------------------------------------------------------------------------------------------


def filled(client: Visitor, company_id: int, **given: str) -> dict[str, str]:
    """What the form sends when only the given fields are changed by hand."""
    one, page = company(company_id), client.get(f"{REGISTER}/{company_id}/andra")
    assert page.status_code == 200
    return {
        "name": one.name, "number": one.number or "", "kind": one.kind.value, "street": one.street,
        "place": one.place, "employees": str(one.employees or ""), "postcode": one.postcode,
        "sni_2025": "\n".join(code.code for code in one.codes), "seen": hidden(page), **given,
    }  # fmt: skip


def test_what_a_colleague_changes_is_kept_from_imports(client: Visitor) -> None:
    one = make_company("Gamla namnet AB", place="Borås", employees=3, codes=("62010",), origin=Origin.SCB)
    answer = client.post(f"{REGISTER}/{one}/andra", data=filled(client, one, name="Nya namnet AB", sni_2025="13.100"))
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{one}")
    changed = company(one)
    assert (changed.name, changed.place, changed.kept_by_hand) == ("Nya namnet AB", "Borås", ["name", "codes"])
    assert [code.code for code in changed.codes] == ["13100"]
    assert "Nya namnet" in client.get(f"{REGISTER}?sok=nya").text


def test_nothing_changed_is_kept_as_nothing(client: Visitor) -> None:
    one = make_company("Vik AB", place="Borås", employees=3, codes=("62010", "13100"))
    client.post(f"{REGISTER}/{one}/andra", data=filled(client, one))
    assert (company(one).kept_by_hand, acts()) == ([], [])


def test_a_field_is_given_back_to_imports(client: Visitor) -> None:
    one = make_company("Vik AB", place="Borås", kept_by_hand=["name", "place"])
    client.post(f"{REGISTER}/{one}/andra", data=filled(client, one, kept="place"))
    assert company(one).kept_by_hand == ["place"]


def test_a_company_may_keep_its_own_number_but_not_take_anothers(client: Visitor) -> None:
    mine, theirs = new_number(), new_number()
    one = make_company("Vik AB", number=mine)
    make_company("Ek AB", number=theirs)
    form = filled(client, one, place="Borås")
    assert client.post(f"{REGISTER}/{one}/andra", data=form).status_code == 302
    answer = client.post(f"{REGISTER}/{one}/andra", data=filled(client, one, number=theirs))
    assert (answer.status_code, "hos Ek AB" in answer.text) == (422, True)
    assert company(one).number == mine


def test_two_colleagues_who_change_different_things_both_get_theirs(client: Visitor) -> None:
    one = make_company("Vik AB", place="Borås", street="Åsvägen 1")
    mine = filled(client, one, place="Sandared")
    client.post(f"{REGISTER}/{one}/andra", data=filled(client, one, street="Nygatan 2"))
    assert client.post(f"{REGISTER}/{one}/andra", data=mine).status_code == 302
    assert (company(one).place, company(one).street) == ("Sandared", "Nygatan 2")


def test_who_comes_second_sees_what_the_first_saved_and_saves_again(client: Visitor) -> None:
    one = make_company("Vik AB", place="Borås", street="Åsvägen 1")
    mine = filled(client, one, place="Sandared")
    client.post(f"{REGISTER}/{one}/andra", data=filled(client, one, place="Dalsjöfors", street="Nygatan 2"))
    answer = client.post(f"{REGISTER}/{one}/andra", data=mine)
    assert answer.status_code == 409
    assert "Sparat nu: Dalsjöfors" in answer.text
    assert "Du har skrivit: Sandared" in answer.text
    assert company(one).place == "Dalsjöfors"
    client.post(f"{REGISTER}/{one}/andra", data={**mine, "seen": hidden(answer)})
    assert (company(one).place, company(one).street) == ("Sandared", "Nygatan 2")


def test_a_merged_company_is_not_changed(client: Visitor) -> None:
    kept = make_company("Kvar AB")
    one = make_company("Borta AB", archived_at=now(), merged_into_id=kept)
    answers = [
        client.post(f"{REGISTER}/{one}/andra", data=filled(client, one, name="Annat AB")),
        client.post(f"{REGISTER}/{one}/arkivera", data={"why": "Fel"}),
        client.post(f"{REGISTER}/{one}/ta-tillbaka"),
        client.post(f"{REGISTER}/{one}/anteckningar/ny", data={"text": "Hej"}),
        client.post(f"{REGISTER}/{one}/kontakter/ny", data={"name": "Bo"}),
        client.post(f"{REGISTER}/{one}/etiketter", data={"new": "Textil"}),
    ]
    assert [(one_.status_code, one_.location) for one_ in answers] == [(302, f"{REGISTER}/{one}")] * 6
    assert (company(one).name, acts()) == ("Borta AB", [])


def test_what_is_not_there_is_not_found(client: Visitor) -> None:
    for path in ("andra", "arkivera", "kontakter/ny", "anteckningar/ny", "besok/nytt", "etiketter"):
        assert client.get(f"{REGISTER}/999/{path}").status_code == 404, path


# --- archived -----------------------------------------------------------------------------------------------------


def test_a_company_is_archived_with_a_reason_and_brought_back(client: Visitor) -> None:
    one = make_company("Vik AB")
    assert "Arkivera Vik AB?" in client.get(f"{REGISTER}/{one}/arkivera").text
    assert client.post(f"{REGISTER}/{one}/arkivera", data={"why": " "}).status_code == 422
    answer = client.post(f"{REGISTER}/{one}/arkivera", data={"why": "Flyttat från Borås"})
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{one}")
    assert company(one).archived_at is not None
    assert "Vik AB är arkiverat" in client.get(f"{REGISTER}/{one}/arkivera").text
    client.post(f"{REGISTER}/{one}/ta-tillbaka")
    assert (company(one).archived_at, company(one).archived_why) == (None, "")
    assert acts() == ["company.archived", "company.restored"]


def test_editors_change_a_company_but_do_not_archive_it(client: Visitor, editors: Visitor) -> None:
    one = make_company("Vik AB")
    assert editors.post(f"{REGISTER}/{one}/andra", data=filled(editors, one, place="Borås")).status_code == 302
    assert editors.get(f"{REGISTER}/{one}/arkivera").status_code == 403
    assert editors.post(f"{REGISTER}/{one}/ta-tillbaka").status_code == 403
