"""Which companies a round asks about: each new one is in exactly one place, with its reason, once ever."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.clock import now
from eventsys.companies.models import Company, CompanyKind
from eventsys.database import db, transaction
from eventsys.mail.suppression import suppress
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.newsletters.welcome import cohort
from eventsys.newsletters.welcome.cohort import months_before, numbers_of, reckon
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter, WelcomeRound, WelcomeSettings
from tests.conftest import empty_database
from tests.desk.scenes import QueryCounter
from tests.newsletters.factories import make_reader
from tests.newsletters.welcome.scenes import a_round, add_contact, again, asked, begin, make_company, places, sent


def choice_of(name: str, found: WelcomeRound) -> tuple[Choice, str]:
    one = places(found)[name]
    return one.choice, one.reason


def test_a_company_with_an_address_gets_a_letter_by_email_and_the_others_paper(app: Flask) -> None:
    make_company("Alm AB", ["info@alm.example"])
    make_company("Ek AB")
    make_company("Ask AB", street="")
    found = a_round()
    assert choice_of("Alm AB", found) == (Choice.EMAIL, "")
    assert choice_of("Ek AB", found) == (Choice.PAPER, cohort.NO_EMAIL)
    assert choice_of("Ask AB", found) == (Choice.EXCLUDED, cohort.NOWHERE)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"archived_at": "now"}, cohort.ARCHIVED),
        ({"deregistered_on": date(2027, 3, 1)}, cohort.DEREGISTERED),
        ({"procedure": "Konkurs"}, cohort.PROCEDURE),
        ({"refuses_advertising": True}, cohort.ADVERTISING),
        ({"postcode": "41101"}, cohort.ELSEWHERE),
        ({"postcode": ""}, cohort.NO_POSTCODE),
        ({"kind": CompanyKind.ASSOCIATION}, cohort.NO_COMPANY),
    ],
)
def test_a_rule_leaves_a_company_out_and_says_why(app: Flask, given: dict[str, object], reason: str) -> None:
    values = {name: now() if value == "now" else value for name, value in given.items()}
    make_company("Alm AB", ["info@alm.example"], **values)
    assert choice_of("Alm AB", a_round()) == (Choice.EXCLUDED, reason)


def test_only_companies_registered_within_the_days_are_asked_about(app: Flask) -> None:
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1)):
        make_company(day.isoformat(), registered=day)
    make_company("Utan dag AB", registered_on=None)
    assert set(places(a_round())) == {"2027-01-01", "2027-03-31"}


def test_a_company_is_not_new_for_ever(app: Flask) -> None:
    make_company("Gammal AB", registered=date(2027, 1, 10))
    make_company("Ny AB", registered=date(2027, 1, 31))
    found = a_round(until=date(2028, 1, 30))
    assert choice_of("Gammal AB", found) == (Choice.EXCLUDED, "registrerat för mer än 12 månader sedan")
    assert choice_of("Ny AB", found)[0] is Choice.PAPER


def test_months_end_where_shorter_months_end() -> None:
    assert months_before(date(2027, 3, 31), 1) == date(2027, 2, 28)
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)
    assert months_before(date(2027, 1, 15), 1) == date(2026, 12, 15)


def test_the_first_address_that_may_be_written_to_is_taken(app: Flask) -> None:
    make_company("Alm AB", ["nej@alm.example", "stopp@alm.example", "fel@alm", "ja@alm.example"])
    make_reader("nej@alm.example", lists=[], refused_at=now())
    with transaction():
        suppress("stopp@alm.example", "Finns inte")
    assert places(a_round())["Alm AB"].address == "ja@alm.example"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nej@alm.example", cohort.REFUSED), ("lamnat@alm.example", cohort.REFUSED),
        ("stopp@alm.example", cohort.SUPPRESSED), ("fel@alm", cohort.INVALID),
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_written_to_makes_paper_of_it(app: Flask, address: str, reason: str) -> None:
    make_reader("nej@alm.example", lists=[], refused_at=now())
    make_reader("lamnat@alm.example", lists=[], left=[COMPANIES])
    with transaction():
        suppress("stopp@alm.example", "Finns inte")
    company = make_company("Alm AB", [address])
    found = a_round()
    assert choice_of("Alm AB", found) == (Choice.PAPER, reason)
    with transaction():
        db.session.get_one(Company, company.id).street = ""
    assert choice_of("Alm AB", found) == (Choice.EXCLUDED, f"{reason}, och ingen hel postadress")


def test_leaving_the_newsletter_is_no_no_to_a_welcome(app: Flask) -> None:
    make_reader("asa@alm.example", lists=[], left=[FORETAGSAMT])
    make_company("Alm AB", ["asa@alm.example"])
    assert choice_of("Alm AB", a_round())[0] is Choice.EMAIL


def test_what_tells_an_accountant_is_pointed_out(app: Flask) -> None:
    for name in ("Alm AB", "Ek AB"):
        make_company(name, ["revisor@byran.example"], street="Box 12", care_of="Byrån")
    make_company("Ask AB", ["info@ask.example"])
    found = places(a_round())
    assert found["Alm AB"].hints == (
        "c/o", "boxadress", "e-postadressen delas av 2 företag", "postadressen delas av 2 företag",
    )  # fmt: skip
    assert found["Ask AB"].hints == ()


def test_who_has_had_the_letter_is_asked_about_no_more_and_who_was_left_out_is(app: Flask) -> None:
    make_company("Alm AB", ["info@alm.example"])
    make_company("Ek AB")
    make_company("Ask AB", street="")
    sent(a_round())
    assert set(places(a_round())) == {"Ask AB"}


def test_a_company_whose_merged_twin_had_the_letter_has_had_it(app: Flask) -> None:
    twin = make_company("Alm", ["info@alm.example"])
    sent(a_round())
    between, kept = make_company("Alm HB"), make_company("Alm AB", ["ny@alm.example"])
    with transaction():
        db.session.get_one(Company, twin.id).merged_into_id = between.id
        row = db.session.get_one(Company, between.id)
        row.merged_into_id, row.archived_at = kept.id, now()
    assert places(a_round()) == {}


def test_a_late_arrival_is_in_the_next_round(app: Flask) -> None:
    make_company("I tid AB")
    sent(a_round(until=date(2027, 3, 31)))
    make_company("Sen AB", registered=date(2027, 3, 3))
    make_company("Ny AB", registered=date(2027, 5, 3))
    assert set(places(a_round(until=date(2027, 6, 30)))) == {"Sen AB", "Ny AB"}


def test_a_frozen_round_does_not_change_with_the_register(app: Flask) -> None:
    company = make_company("Alm AB", ["info@alm.example"])
    found = asked(a_round())
    with transaction():
        row = db.session.get_one(Company, company.id)
        row.name, row.refuses_advertising = "Alm och Ek AB", True
    add_contact(company, "annan@alm.example")
    assert choice_of("Alm AB", again(found))[0] is Choice.EMAIL


def test_a_large_round_costs_no_more_queries_than_a_small_one(app: Flask, count_queries: QueryCounter) -> None:
    make_company(addresses=["a@alm.example"])
    found = a_round()
    again(found)
    with count_queries() as few:
        reckon(found)
    for number in range(60):
        make_company(addresses=[f"a{number}@ek.example"] if number % 2 else [])
    again(found)
    with count_queries() as many:
        assert len(reckon(found)) == 61
    assert len(many) == len(few)


ADDRESSES = ["a@x.example", "b@x.example", "nej@x.example", "fel@x"]
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.sampled_from([date(2026, 12, 30), date(2027, 1, 2), date(2027, 3, 1), date(2027, 4, 2)]),
            "addresses": st.lists(st.sampled_from(ADDRESSES), max_size=2, unique=True),
            "street": st.sampled_from(["", "Gatan 1"]),
            "postcode": st.sampled_from(["", "50330", "41101"]),
            "refuses": st.booleans(),
            "gone": st.booleans(),
        }
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE)
def test_everybody_new_is_in_exactly_one_place_whatever_the_register(app: Flask, people: list[dict]) -> None:
    empty_database()
    db.session.remove()
    begin(date(2027, 1, 1))
    make_reader("nej@x.example", lists=[], refused_at=now())
    expected = {}
    for number, one in enumerate(people):
        made = make_company(
            f"{number} AB", one["addresses"], one["day"], street=one["street"], postcode=one["postcode"],
            refuses_advertising=one["refuses"], deregistered_on=date(2027, 3, 2) if one["gone"] else None,
        )  # fmt: skip
        if date(2027, 1, 1) <= one["day"] <= date(2027, 3, 31):
            expected[made.name] = fate(one)
    found = a_round()
    given_places = reckon(found)
    assert {one.name: one.choice for one in given_places} == expected
    counted = numbers_of(given_places)
    assert counted.candidates == len(expected)
    assert all(one.reason for one in given_places if one.choice is not Choice.EMAIL)
    if counted.email + counted.paper:
        asked(found)
        assert {one.name: one.choice for one in places(found).values()} == expected
        assert db.session.query(WelcomeLetter).count() == len(expected)


def fate(one: dict) -> Choice:
    """Said once more, in other words than the program's."""
    if one["refuses"] or one["gone"] or not one["postcode"].startswith("50"):
        return Choice.EXCLUDED
    if {"a@x.example", "b@x.example"} & set(one["addresses"]):
        return Choice.EMAIL
    return Choice.PAPER if one["street"] else Choice.EXCLUDED


def test_without_a_first_day_nobody_is_new(app: Flask) -> None:
    make_company("Alm AB")
    found = a_round()
    with transaction():
        db.session.get_one(WelcomeSettings, 1).starts_on = None
    assert places(found) == {}
