"""Searching over everything."""

from __future__ import annotations

import pytest

from eventsys.clock import now
from eventsys.companies.models import Company
from eventsys.database import db, transaction
from eventsys.desk.search import MOST_SHOWN, search
from eventsys.staff.models import Role
from tests.desk.scenes import give_series_of, make_letter
from tests.factories import make_event, make_person, make_registration


def names(account, query):
    found = search(account, query, now())
    return {person.name for person in found.people.rows}


@pytest.mark.parametrize("query", ["akesson", "ÅKESSON", "Åkesson", "åsa åke", "asa  akesson", "akesson@foretag"])
def test_swedish_letters_and_case_do_not_matter(administrator, query):
    make_registration(make_event(), [make_person("Åsa Åkesson", "asa.akesson@foretag.se"), make_person("Bo Alm")])
    assert "Åsa Åkesson" in names(administrator, query)


@pytest.mark.parametrize("query", ["bjork", "björk", "BJÖRK"])
def test_o_with_dots_is_found_with_and_without_them(administrator, query):
    make_registration(make_event(), ["Göran Björk"])
    assert names(administrator, query) == {"Göran Björk"}


def test_signs_that_mean_something_in_sql_mean_themselves(administrator):
    make_registration(make_event(), ["Åsa Ek"], company_name="100_procent AB")
    assert names(administrator, "100%") == set()
    assert names(administrator, "100_p") == {"Åsa Ek"}
    assert names(administrator, "'; drop table event; --") == set()


def test_all_words_must_be_found(administrator):
    make_registration(make_event(), ["Åsa Ek"], company_name="Väveriet i Borås AB")
    assert names(administrator, "ek vaveriet") == {"Åsa Ek"}
    assert names(administrator, "ek plåt") == set()


def test_everything_is_found_in_its_group(signed_in_client, administrator):
    with transaction():
        db.session.add(Company(name="Väveriet i Borås AB", number="5560360793", created_at=now()))
    event = make_event(title="Väv din egen framtid")
    make_registration(event, ["Åsa Ek"], company_name="Väveriet i Borås AB", company_number="5560360793")
    make_letter(subject="Väveriet bjuder in")
    page = signed_in_client(administrator).get("/personal/sok?q=vav").text
    for heading in ("Evenemang", "Personer", "Företag", "Brev"):
        assert f">{heading} <span" in page
    assert "4 träffar" in page


@pytest.mark.parametrize("query", ["556036-0793", "5560360793"])
def test_a_company_is_found_by_its_number(administrator, query):
    make_registration(make_event(), 1, company_number="5560360793")
    [found] = search(administrator, query, now()).companies.rows
    assert (found.company.number, found.bookings) == ("5560360793", 1)


def test_the_one_who_booked_is_found_by_the_people_booked(administrator):
    booked = make_registration(make_event(), ["Åsa Ek", "Bo Alm"])
    assert booked.booker_name == "Åsa Ek"
    assert names(administrator, "asa.ek@") == {"Åsa Ek", "Bo Alm"}


@pytest.mark.parametrize("query", ["", "a", " Å ", "%"])
def test_too_short_a_word_asks_for_more(signed_in_client, query):
    page = signed_in_client(Role.ORGANISER).get("/personal/sok", query_string={"q": query})
    assert page.status_code == 200
    assert ("Skriv minst 2 tecken" in page.text) or not query.strip()


def test_what_is_searched_for_is_shown_as_text(signed_in_client):
    page = signed_in_client(Role.ORGANISER).get("/personal/sok", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_names_are_shown_as_text(signed_in_client):
    make_registration(make_event(), [make_person("<img src=x onerror=alert(1)> Ek", "x@foretag.se")])
    page = signed_in_client(Role.ORGANISER).get("/personal/sok?q=onerror").text
    assert "<img src=x" not in page


def test_editors_find_events_and_letters_but_no_people(editor):
    make_registration(make_event(title="Lunch hos Åkesson"), ["Karin Åkesson"])
    found = search(editor, "akesson", now())
    assert found.people is None
    assert found.events.total == 1
    assert found.letters.total == 1


def test_hosts_find_nothing_but_the_day(host):
    make_registration(make_event(), ["Karin Åkesson"], company_name="Åkessons", company_number="5560360793")
    found = search(host, "akesson", now())
    assert found.letters is None
    assert found.total == 0


def test_co_organisers_find_only_their_own(co_organiser):
    ours, others = make_event(title="Anbudsskola hos Ek"), make_event(title="Lunch hos Ek")
    give_series_of(ours, co_organiser)
    make_registration(ours, ["Åsa Ek"], company_name="Ek och Alm", company_number="5560360793")
    make_registration(others, ["Bo Ek"], company_name="Ek i Viskafors", company_number="2120001447")
    found = search(co_organiser, "ek", now())
    assert [event.id for event in found.events.rows] == [ours.id]
    assert [person.name for person in found.people.rows] == ["Åsa Ek"]
    assert [(one.company.name, one.bookings) for one in found.companies.rows] == [("Ek och Alm", 1)]
    assert [letter.address for letter in found.letters.rows] == ["asa.ek@foretag.se"]


def test_the_first_are_shown_and_all_are_counted(signed_in_client, administrator):
    event = make_event(capacity=60, party_size=50)
    make_registration(event, [f"Karin Ek {number}" for number in range(20)])
    people = search(administrator, "karin", now()).people
    assert (len(people.rows), people.total) == (MOST_SHOWN, 20)
    assert "Visar 15 av 20." in signed_in_client(administrator).get("/personal/sok?q=karin").text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CO_ORGANISER])
def test_a_search_costs_the_same_number_of_queries_however_much_is_found(count_queries, signed_in_client, role):
    browser = signed_in_client(role)
    with count_queries() as none_found:
        browser.get("/personal/sok?q=karin")
    for number in range(6):
        make_registration(make_event(title=f"Karin {number}"), [f"Karin Ek {number}"])
    with count_queries() as many_found:
        browser.get("/personal/sok?q=karin")
    assert len(many_found) == len(none_found) <= 8, "\n".join(many_found)
