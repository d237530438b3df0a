"""Who gets the letter, who does not and why: everybody is in exactly one place, and every address once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from eventsys.clock import local, now
from eventsys.companies.models import Company, Contact
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.events.models import AttendeeState
from eventsys.mail.mailings.freezing import NO_ADDRESS, Excluded, Recipient
from eventsys.mail.suppression import suppress
from eventsys.newsletters.audience.choosing import (
    ADVERTISING,
    INVALID,
    LEFT,
    REFUSED,
    SAME_ADDRESS,
    SUPPRESSED,
    choose,
)
from eventsys.newsletters.audience.keys import Audience, audience_named, audience_of, bases, segment_key
from eventsys.newsletters.audience.looking import Wanted, look_at
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.audience.segments import add_segment
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT, series_list
from eventsys.newsletters.subscriptions.consents import Origin, begin
from eventsys.newsletters.subscriptions.leaving import complained, leave, refuse_all
from eventsys.newsletters.subscriptions.models import Reader, SignUpCode, Subscription, Way
from eventsys.newsletters.subscriptions.queries import locked_reader
from tests.conftest import empty_database
from tests.desk.scenes import QueryCounter, reads
from tests.factories import make_event, make_person, make_registration, make_series
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import make_company

ADDRESSES = [f"{name}@foretag{number}.example" for number in range(3) for name in ("info", "åsa", "bo.alm")]


def chosen(key: str, about: str = "") -> tuple[dict[str, Recipient], list[Excluded]]:
    choices = list(choose(audience_named(key), about))
    recipients = [one for one in choices if isinstance(one, Recipient)]
    assert len({one.address for one in recipients}) == len(recipients)
    return {one.address: one for one in recipients}, [one for one in choices if isinstance(one, Excluded)]


def reasons(excluded: list[Excluded]) -> dict[str, str]:
    return {one.address or one.organisation: one.reason for one in excluded}


def test_a_list_is_those_who_have_it_and_each_of_the_others_has_a_reason(app: Flask) -> None:
    asa = make_reader("åsa@vaveriet.example", name="Åsa Öberg", organisation="Väveriet AB")
    make_reader("borta@ek.example", lists=[], left=[FORETAGSAMT])
    make_reader("nej@ek.example", refused_at=now())
    make_reader("studs@ek.example")
    make_reader("inget@localhost")
    make_reader("annan@ek.example", lists=["serie:1"])
    with transaction():
        suppress("studs@ek.example", "Adressen finns inte.")
    found, excluded = chosen(FORETAGSAMT)
    assert found == {"åsa@vaveriet.example": Recipient(asa.id, "åsa@vaveriet.example", "Åsa Öberg", "Väveriet AB")}
    assert reasons(excluded) == {
        "borta@ek.example": LEFT, "nej@ek.example": REFUSED, "studs@ek.example": f"{SUPPRESSED}Adressen finns inte.",
        "inget@localhost": INVALID,
    }  # fmt: skip


def test_companies_are_every_contact_and_every_subscriber_once_an_address(app: Flask) -> None:
    make_company("Alfa AB", ["info@alfa.example", "byran@redovisning.example"])
    make_company("Beta AB", ["Byran@Redovisning.example"])
    make_company("Spärrade AB", ["spärrad@sparr.example"], refuses_advertising=True)
    make_company("Utan Adress AB", street="Storgatan 1", postcode="50331", place="Borås")
    make_reader("egen@ek.example", organisation="Ek HB")
    found, excluded = chosen(COMPANIES)
    assert {address: one.organisation for address, one in found.items()} == {
        "info@alfa.example": "Alfa AB", "byran@redovisning.example": "Alfa AB, Beta AB", "egen@ek.example": "Ek HB",
    }  # fmt: skip
    assert [(one.address, one.organisation, one.reason) for one in excluded] == [
        ("", "Utan Adress AB", NO_ADDRESS),
        ("byran@redovisning.example", "Beta AB", SAME_ADDRESS),
        ("spärrad@sparr.example", "Spärrade AB", ADVERTISING),
    ]


def test_who_left_the_list_is_not_written_to_as_a_company_either(app: Flask) -> None:
    make_company("Alfa AB", ["info@alfa.example"])
    make_company("Beta AB", ["nej@beta.example"])
    make_reader("info@alfa.example", lists=[], left=[FORETAGSAMT])
    make_reader("nej@beta.example", lists=[], refused_at=now())
    found, excluded = chosen(COMPANIES)
    assert found == {}
    assert reasons(excluded) == {"info@alfa.example": LEFT, "nej@beta.example": REFUSED}


@pytest.mark.parametrize("leaves", ["the letters to companies", "everything", "by a complaint"])
def test_a_no_to_letters_to_companies_outlives_a_list_of_a_series(app: Flask, leaves: str) -> None:
    make_company("Alfa AB", ["info@alfa.example"])
    lunch, breakfast = series_list(make_series().id), series_list(make_series().id)
    reader = make_reader("info@alfa.example", lists=[lunch])
    with transaction():
        if leaves == "the letters to companies":
            leave(reader.id, COMPANIES, now())
        elif leaves == "everything":
            refuse_all(reader.id, now())
        else:
            complained("info@alfa.example")
        begin(locked_reader(reader.id), breakfast, Origin(Way.PAGE), now())
    found, excluded = chosen(COMPANIES)
    assert (found, reasons(excluded)) == ({}, {"info@alfa.example": LEFT})
    with transaction():
        begin(locked_reader(reader.id), FORETAGSAMT, Origin(Way.PAGE), now())
    assert list(chosen(COMPANIES)[0]) == ["info@alfa.example"]


def test_who_subscribes_has_asked_whatever_the_company_refuses(app: Flask) -> None:
    make_company("Spärrade AB", ["eva@sparr.example", "info@sparr.example"], refuses_advertising=True)
    make_reader("eva@sparr.example")
    found, excluded = chosen(COMPANIES)
    assert list(found) == ["eva@sparr.example"]
    assert reasons(excluded) == {"info@sparr.example": ADVERTISING}


def test_a_shared_address_is_written_to_in_the_name_of_those_that_may_be(app: Flask) -> None:
    make_company("Alfa AB", ["byran@redovisning.example"], refuses_advertising=True)
    make_company("Beta AB", ["byran@redovisning.example"])
    found, excluded = chosen(COMPANIES)
    assert found["byran@redovisning.example"].organisation == "Beta AB"
    assert [(one.organisation, one.reason) for one in excluded] == [("Alfa AB", ADVERTISING)]


def test_many_companies_at_one_address_fit_on_a_line(app: Flask) -> None:
    for number in range(9):
        make_company(f"Bolag nummer {number} med ett ganska långt namn i Borås AB", ["byran@redovisning.example"])
    found, excluded = chosen(COMPANIES)
    assert len(found["byran@redovisning.example"].organisation) <= 200
    assert "Bolag nummer 0" in found["byran@redovisning.example"].organisation
    assert len(excluded) == 8


# --- segments


def addresses_of(base: str, rules: Rules) -> set[str]:
    with transaction():
        segment = add_segment(f"Urval {rules!r}"[:120], base, rules, "Alva")
    return set(chosen(segment_key(segment.id))[0])


@pytest.fixture
def town(app: Flask) -> None:
    boras = make_company("Väveriet AB", ["info@vaveriet.example"], place="Borås", postcode="50331")
    make_company("Färgeriet i Åplared AB", ["info@fargeriet.example"], place="Åplared", postcode="51695")
    with transaction():
        code = SignUpCode(code="frukost", name="Frukost Viared", created_at=now())
        db.session.add(code)
    make_reader("kod@ek.example", way=Way.CODE, code=code, at=now() - timedelta(days=400), organisation="Åkeriet HB")
    make_reader("sida@ek.example", way=Way.PAGE, company_id=boras.id)


@pytest.mark.parametrize(
    ("rules", "companies", "list_"),
    [
        (Rules(), {"info@vaveriet.example", "info@fargeriet.example", "kod@ek.example", "sida@ek.example"}, None),
        (Rules(ways=(Way.CODE,)), {"kod@ek.example"}, {"kod@ek.example"}),
        (Rules(places=("503",)), {"info@vaveriet.example", "sida@ek.example"}, {"sida@ek.example"}),
        (Rules(places=("åplared", "50 331")), {"info@vaveriet.example", "info@fargeriet.example", "sida@ek.example"},
         {"sida@ek.example"}),
        (Rules(name="FÄRGERIET"), {"info@fargeriet.example"}, set()),
        (Rules(name="åkeriet"), {"kod@ek.example"}, {"kod@ek.example"}),
        (Rules(with_company=True), {"info@vaveriet.example", "info@fargeriet.example", "sida@ek.example"},
         {"sida@ek.example"}),
    ],
)  # fmt: skip
def test_rules_narrow_lists_and_companies(
    town: None, rules: Rules, companies: set[str], list_: set[str] | None
) -> None:
    assert addresses_of(COMPANIES, rules) == companies
    with transaction():
        db.session.execute(db.delete(db.metadata.tables["segment"]))
    assert addresses_of(FORETAGSAMT, rules) == ({"kod@ek.example", "sida@ek.example"} if list_ is None else list_)


def test_rules_about_time_and_code(town: None) -> None:
    code_id = db.session.scalars(select(SignUpCode.id)).one()
    since = local(now()).date() - timedelta(days=60)
    assert addresses_of(FORETAGSAMT, Rules(codes=(code_id,))) == {"kod@ek.example"}
    assert addresses_of(FORETAGSAMT, Rules(since=since)) == {"sida@ek.example"}


def test_only_those_who_came_have_attended(app: Flask) -> None:
    series = make_series(name="Fredagslunch")
    event = make_event(series=series, starts_at=now() - timedelta(days=40))
    people = [make_person("Åsa Ek", "asa@ek.example"), make_person("Bo Alm", "bo@alm.example")]
    booking = make_registration(event, people, at=now() - timedelta(days=60))
    with transaction():
        booking = db.session.merge(booking)
        booking.attendees[0].state = AttendeeState.ATTENDED
    make_reader("asa@ek.example")
    make_reader("bo@alm.example")
    today = local(now()).date()
    assert addresses_of(FORETAGSAMT, Rules(series_id=series.id)) == {"asa@ek.example"}
    long_ago, lately = today - timedelta(days=50), today - timedelta(days=20)
    assert addresses_of(FORETAGSAMT, Rules(series_id=series.id, attended_since=long_ago)) == {"asa@ek.example"}
    assert addresses_of(FORETAGSAMT, Rules(series_id=series.id, attended_since=lately)) == set()
    assert addresses_of(FORETAGSAMT, Rules(series_id=series.id + 1)) == set()


def test_rules_survive_being_kept(app: Flask) -> None:
    day = local(now()).date()
    rules = Rules((Way.CODE, Way.PAGE), (1, 2), day, ("Borås",), 4, day, "väv", True)
    with transaction():
        segment = add_segment("Alla regler", COMPANIES, rules, "Alva")
    db.session.expire_all()
    assert audience_of(segment).rules == rules


def test_what_is_gone_is_not_found(app: Flask) -> None:
    for key in ("segment:1", "serie:1", "serie:x", "segment:", "annat", ""):
        with pytest.raises(NotFound):
            audience_named(key)


def test_one_begins_with_lists_that_somebody_is_on(app: Flask) -> None:
    series, empty = make_series(name="Fredagslunch"), make_series(name="Frukost")
    make_reader("asa@ek.example", lists=[series_list(series.id), "serie:99999"])
    assert list(bases()) == [FORETAGSAMT, COMPANIES, series_list(series.id)]
    assert series_list(empty.id) not in bases()


# --- looking


def test_the_names_of_a_page_are_those_that_were_counted(app: Flask) -> None:
    for number in range(120):
        make_reader(f"a{number:03}@ek.example", name=f"Åsa {number}")
    for number in range(7):
        make_reader(f"b{number}@ek.example", lists=[], left=[FORETAGSAMT])
    audience = audience_named(FORETAGSAMT)
    look = look_at(audience, Wanted(page=3))
    assert (look.candidates, look.recipients, look.excluded) == (127, 120, 7)
    assert (look.first, look.last, look.pages, look.found) == (101, 120, 3, 120)
    assert look_at(audience, Wanted(text="ASA 11")).found == 11
    assert look_at(audience, Wanted(left_out=True, reason=LEFT)).found == 7
    assert look_at(audience, Wanted(left_out=True, reason=REFUSED)).found == 0


def test_any_number_of_candidates_is_two_queries(app: Flask, count_queries: QueryCounter) -> None:
    for number in range(30):
        make_company(addresses=[f"info{number}@foretag.example"])
        make_reader(f"a{number}@ek.example")
    audience = audience_named(COMPANIES)
    with count_queries() as statements:
        assert look_at(audience).recipients == 60
    assert len(reads(statements)) == 2


# --- everybody is somewhere

CONTACTS = st.lists(st.tuples(st.sampled_from(ADDRESSES), st.booleans()), max_size=12)
READERS = st.dictionaries(
    st.sampled_from(ADDRESSES), st.sampled_from(["has", "left", "refused", "other", "none"]), max_size=9
)
BLOCKED = st.sets(st.sampled_from(ADDRESSES), max_size=3)


@pytest.mark.parametrize("base", [COMPANIES, FORETAGSAMT])
def test_everybody_is_in_exactly_one_place(app: Flask, base: str) -> None:
    @given(CONTACTS, READERS, BLOCKED)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def holds(contacts: list[tuple[str, bool]], readers: dict[str, str], blocked: set[str]) -> None:
        _town_of(contacts, readers, blocked)
        choices = list(choose(Audience(base, "", base)))
        recipients = [one.address for one in choices if isinstance(one, Recipient)]
        assert len(recipients) == len(set(recipients))
        places = Counter(one.address for one in choices)
        assert places == _expected(base)
        for address in recipients:
            assert readers.get(address) not in ("left", "refused")
            assert address not in blocked

    holds()


def _town_of(contacts: list[tuple[str, bool]], readers: dict[str, str], blocked: set[str]) -> None:
    db.session.remove()
    empty_database()
    for address, refuses in contacts:
        make_company(addresses=[address], refuses_advertising=refuses)
    make_company("Utan adress AB")
    for address, what in readers.items():
        lists = {"has": [FORETAGSAMT], "refused": [FORETAGSAMT], "other": ["serie:1"]}.get(what, [])
        left = [FORETAGSAMT] if what == "left" else []
        make_reader(address, lists, left=left, refused_at=now() if what == "refused" else None)
    with transaction():
        for address in blocked:
            suppress(address, "Studsar.")


def _expected(base: str) -> Counter[str]:
    """How many candidates each address is, counted plainly."""
    of_list = select(Reader.address).join(Subscription).where(Subscription.list == FORETAGSAMT)
    subscribers = set(db.session.scalars(of_list))
    if base == FORETAGSAMT:
        return Counter(subscribers)
    at_companies = Counter(db.session.scalars(select(Contact.email_key)))
    without = select(func.count()).select_from(Company).where(~Company.contacts.any())
    return (
        at_companies + Counter(subscribers - set(at_companies)) + Counter({"": db.session.scalar(without) or 0})
    )  # fmt: skip
