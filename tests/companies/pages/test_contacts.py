"""Contacts of a company: added, changed, removed; each address once; new addresses wait to be attached."""

from __future__ import annotations

import pytest

from eventsys.clock import now
from eventsys.companies.models import Contact
from eventsys.database import db, transaction
from tests.companies.pages.scenes import REGISTER, acts, contacts_of, hidden, make_company
from tests.staff_fixtures import Visitor


def add(client: Visitor, company_id: int, **form: str) -> int:
    return int(client.post(f"{REGISTER}/{company_id}/kontakter/ny", data=form).status_code)


def address(company_id: int, contact: Contact, more: str = "") -> str:
    return f"{REGISTER}/{company_id}/kontakter/{contact.id}{more}"


def test_a_contact_is_added_as_it_was_written(client: Visitor) -> None:
    one = make_company()
    answer = client.post(
        f"{REGISTER}/{one}/kontakter/ny",
        data={"name": "Åsa Ek", "role": "vd", "email": "Asa.Ek@Vaveri.example", "phone": "033-35 70 00"},
    )
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{one}")
    [contact] = contacts_of(one)
    assert (contact.email, contact.email_key) == ("Asa.Ek@Vaveri.example", "asa.ek@vaveri.example")
    assert (contact.phone, contact.phone_e164) == ("033-35 70 00", "+4633357000")
    assert contact.attached_at is None
    assert acts() == ["company.contact_added"]


@pytest.mark.parametrize("form", [{"name": "Bo"}, {"email": "bo@alm.example"}, {"phone": "070-123 45 67"}])
def test_a_name_an_address_or_a_telephone_is_enough(client: Visitor, form: dict[str, str]) -> None:
    assert add(client, make_company(), **form) == 302


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"role": "vd"}, "Skriv ett namn, en e-postadress eller ett telefonnummer."),
        ({"email": "bo"}, "Skriv e-postadressen som namn@foretag.se."),
        ({"phone": "ring"}, "Skriv telefonnumret med siffror"),
        ({"name": "Bo 19850101-1236"}, "personnummer"),
    ],
)
def test_what_reaches_nobody_is_refused(client: Visitor, form: dict[str, str], said: str) -> None:
    one = make_company()
    answer = client.post(f"{REGISTER}/{one}/kontakter/ny", data=form)
    assert (answer.status_code, said in answer.text, contacts_of(one)) == (422, True, [])


def test_the_same_address_twice_at_a_company_is_refused_and_at_two_companies_not(client: Visitor) -> None:
    one, two = make_company(addresses=("info@ek.example",)), make_company()
    answer = client.post(f"{REGISTER}/{one}/kontakter/ny", data={"email": "INFO@ek.example"})
    assert (answer.status_code, "En annan kontakt på företaget har adressen" in answer.text) == (422, True)
    assert add(client, two, email="info@ek.example") == 302
    assert (add(client, two, name="Bo"), add(client, two, name="Eva")) == (302, 302)  # without an address


def attached(company_id: int) -> Contact:
    [contact] = contacts_of(company_id)
    with transaction():
        db.session.get_one(Contact, contact.id).attached_at = now()
    return contact


def test_a_new_address_waits_to_be_attached_and_a_new_role_does_not(client: Visitor) -> None:
    one = make_company(addresses=("bo@alm.example",))
    contact = attached(one)
    page = client.get(address(one, contact))
    form = {"name": "Bo Alm", "email": "bo@alm.example", "seen": hidden(page)}
    client.post(address(one, contact), data={**form, "role": "vd"})
    assert (contacts_of(one)[0].role, contacts_of(one)[0].attached_at is None) == ("vd", False)
    client.post(address(one, contact), data={**form, "role": "vd", "email": "bo.alm@alm.example"})
    assert contacts_of(one)[0].attached_at is None
    assert acts() == ["company.contact_changed"] * 2


def test_two_colleagues_at_a_contact_do_not_overwrite_each_other(client: Visitor) -> None:
    one = make_company(addresses=("bo@alm.example",))
    [contact] = contacts_of(one)
    form = {"name": "Bo Alm", "email": "bo@alm.example", "seen": hidden(client.get(address(one, contact)))}
    client.post(address(one, contact), data={**form, "role": "vd"})
    answer = client.post(address(one, contact), data={**form, "role": "ekonomi"})
    assert (answer.status_code, "Sparat nu: vd" in answer.text) == (409, True)
    client.post(address(one, contact), data={**form, "role": "ekonomi", "seen": hidden(answer)})
    assert contacts_of(one)[0].role == "ekonomi"


def test_an_address_that_another_contact_has_is_refused_when_changed(client: Visitor) -> None:
    one = make_company(addresses=("a@ek.example", "b@ek.example"))
    contact = contacts_of(one)[0]
    seen = hidden(client.get(address(one, contact)))
    answer = client.post(address(one, contact), data={"name": "Bo Alm", "email": "b@ek.example", "seen": seen})
    assert answer.status_code == 422
    assert [found.email for found in contacts_of(one)] == ["a@ek.example", "b@ek.example"]


def test_a_contact_is_removed_after_a_question(client: Visitor) -> None:
    one = make_company(addresses=("bo@alm.example",))
    [contact] = contacts_of(one)
    assert "Ta bort Bo Alm?" in client.get(address(one, contact, "/ta-bort")).text
    assert client.post(address(one, contact, "/ta-bort")).location == f"{REGISTER}/{one}"
    assert contacts_of(one) == []


def test_a_contact_is_found_at_its_own_company_only(client: Visitor) -> None:
    one, other = make_company(addresses=("bo@alm.example",)), make_company()
    [contact] = contacts_of(one)
    for more in ("", "/ta-bort"):
        assert client.get(address(other, contact, more)).status_code == 404
        assert client.post(address(other, contact, more), data={"name": "X"}).status_code == 404
    assert contacts_of(one)[0].name == "Bo Alm"
