"""Duplicates, two companies side by side, and parting them: the pages."""

from __future__ import annotations

import pytest

from eventsys.clock import now
from eventsys.companies.duplicates import MOST_SHARING, Why, candidates
from eventsys.companies.merging import moved_columns
from eventsys.companies.models import Company
from eventsys.companies.words import MOVING
from eventsys.database import db
from eventsys.staff.models import Role
from tests.companies.scenes import anew, keep, make_company, new_number, note_of


def groups() -> list[tuple[set[str], Why]]:
    db.session.rollback()
    return [({one.name for one in group.companies}, group.why) for group in candidates()[0]]


def id_of(company: Company) -> int:
    return anew(company).id


# --- which companies may be one -----------------------------------------------------------------------------------


def test_alike_without_legal_forms_and_at_the_same_postcode(app):
    make_company("Åkesson Bygg AB", postcode="50330", number=new_number())
    make_company("AKESSON BYGG aktiebolag (publ)", postcode="50330", number=new_number())
    make_company("Åkesson Bygg HB", postcode="51334", number=new_number())
    make_company("Åkesson Bygg och Rör AB", postcode="50330")
    assert groups() == [({"Åkesson Bygg AB", "AKESSON BYGG aktiebolag (publ)"}, Why.NAME)]


def test_one_without_a_postcode_is_like_another_when_a_number_is_lacking(app):
    make_company("Väveriet AB", postcode="50330", number=new_number())
    make_company("Väveriet")
    make_company("Färgeriet AB", postcode="50330", number=new_number())
    make_company("Färgeriet", number=new_number())
    assert groups() == [({"Väveriet AB", "Väveriet"}, Why.NAME)]


def test_the_same_address_when_a_number_is_lacking_unless_it_is_an_accountants(app):
    make_company("Väveriet AB", ("info@vav.example",), number=new_number())
    make_company("Vävarna", ("info@vav.example",))
    for number in range(MOST_SHARING + 1):
        make_company(f"Kund {number}", ("byra@konto.example",))
    for name in ("A AB", "B AB"):
        make_company(name, ("ab@annan.example",), number=new_number())
    assert groups() == [({"Väveriet AB", "Vävarna"}, Why.ADDRESS)]


def test_archived_and_nameless_companies_are_nobodys_duplicates(app):
    make_company("Väveriet AB")
    make_company("Väveriet", archived_at=now())
    make_company("AB")
    make_company("HB")
    assert groups() == []


def test_the_one_with_a_number_is_proposed_to_be_kept(app):
    make_company("Väveriet")
    make_company("Väveriet AB", number=new_number())
    db.session.rollback()
    assert [one.name for one in candidates()[0][0].companies] == ["Väveriet AB", "Väveriet"]


def test_long_lists_have_pages(signed_in_client):
    for number in range(21):
        for _ in range(2):
            make_company(f"Bolag {number}")
    browser = signed_in_client(Role.ORGANISER)
    first, second, third = (browser.get(f"/personal/foretag/dubbletter?sida={page}").text for page in (1, 2, 3))
    assert "Sida 1 av 2" in first
    assert "Bolag 20" in second
    assert "Bolag 20" not in first
    assert "Den sidan finns inte" in third


def test_without_duplicates_the_page_says_what_would_be_here(signed_in_client):
    assert "Inga dubbletter" in signed_in_client(Role.ORGANISER).get("/personal/foretag/dubbletter").text


# --- side by side -------------------------------------------------------------------------------------------------


def test_everything_that_can_move_has_a_swedish_word(app):
    assert {f"{column.table.name}.{column.name}" for column in moved_columns()} == set(MOVING)


def test_the_other_company_is_looked_for_by_name_at_once(signed_in_client):
    kept, other = make_company("Åkesson Bygg AB"), make_company("Åkesson & Söner")
    make_company("Alm AB")
    make_company("Åkesson Arkiv", archived_at=now())
    page = signed_in_client(Role.ORGANISER).get(f"/personal/foretag/{id_of(kept)}/sla-ihop").text
    assert "Åkesson &amp; Söner" in page
    assert f"med={id_of(other)}" in page
    assert "Alm AB" not in page
    assert "Åkesson Arkiv" not in page


def test_the_two_stand_side_by_side_with_what_moves(signed_in_client):
    kept, other = make_company("Väveriet AB", number=new_number()), make_company("Väveriet", street="Exempelgatan 1")
    keep(note_of(other.id), note_of(other.id))
    page = signed_in_client(Role.ORGANISER).get(f"/personal/foretag/{id_of(kept)}/sla-ihop?med={id_of(other)}").text
    assert "Exempelgatan 1 <span" in page
    assert "Fylls i" in page
    assert '>Anteckningar</th><td class="num">2</td>' in page
    assert "Två organisationsnummer" not in page
    assert "Slå ihop och behåll Väveriet AB" in page


def test_two_numbers_are_warned_of(signed_in_client):
    kept, other = make_company("A AB", number=new_number()), make_company("B AB", number=new_number())
    page = signed_in_client(Role.ORGANISER).get(f"/personal/foretag/{id_of(kept)}/sla-ihop?med={id_of(other)}").text
    assert "två juridiska personer" in page


def test_pressed_they_are_one_and_parted_they_are_two(signed_in_client):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås")
    a, b, browser = id_of(kept), id_of(other), signed_in_client(Role.ORGANISER)
    answer = browser.post(f"/personal/foretag/{a}/sla-ihop", data={"med": b})
    assert (answer.status_code, answer.location) == (302, f"/personal/foretag/{a}")
    assert anew(other).merged_into_id == a
    assert "Väveriet i Borås är nu en del av Väveriet AB." in browser.get(answer.location).text
    assert "Dela på företagen" in browser.get(f"/personal/foretag/{b}/sla-isar").text
    assert browser.post(f"/personal/foretag/{b}/sla-isar").status_code == 302
    assert anew(other).merged_into_id is None
    assert browser.get(f"/personal/foretag/{b}/sla-isar").status_code == 404
    assert browser.post(f"/personal/foretag/{b}/sla-isar").status_code == 404


def test_a_refusal_is_told_on_the_page_and_nothing_has_changed(signed_in_client):
    kept, archived = make_company("A AB"), make_company("B AB", archived_at=now())
    browser = signed_in_client(Role.ORGANISER)
    answer = browser.post(f"/personal/foretag/{id_of(kept)}/sla-ihop", data={"med": id_of(archived)})
    assert answer.status_code == 409
    assert "B AB är arkiverat. Ta tillbaka det ur arkivet först." in answer.text
    assert anew(archived).merged_into_id is None
    answer = browser.post(f"/personal/foretag/{id_of(kept)}/sla-ihop", data={"med": id_of(kept)})
    assert "Välj ett annat företag" in answer.text


@pytest.mark.parametrize("other", ["", "0", "-1", "x", "99999999999999999999", "2147483647"])
def test_a_company_that_is_not_there_is_not_found(signed_in_client, other):
    kept, browser = make_company(), signed_in_client(Role.ORGANISER)
    assert browser.post(f"/personal/foretag/{id_of(kept)}/sla-ihop", data={"med": other}).status_code == 404
    page = browser.get(f"/personal/foretag/{id_of(kept)}/sla-ihop", query_string={"med": other})
    assert page.status_code in (200, 404)  # what is no number at all is nothing asked for


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HOST, Role.CO_ORGANISER])
def test_merging_is_for_organisers(signed_in_client, role):
    company, browser = id_of(make_company()), signed_in_client(role)
    for page in ("dubbletter", f"{company}/sla-ihop", f"{company}/sla-isar"):
        assert browser.get(f"/personal/foretag/{page}").status_code == 403
    assert browser.post(f"/personal/foretag/{company}/sla-ihop").status_code == 403
