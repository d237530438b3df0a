"""Segments by the register: whatever the register and the rules, the database counts what plain Python counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from eventsys.clock import now
from eventsys.companies.models import Company, CompanyKind, CompanySni, CompanyTag, Contact, Tag, VisitForm
from eventsys.companies.towns import towns
from eventsys.database import db, transaction
from eventsys.mail.mailings.freezing import NO_ADDRESS, Recipient
from eventsys.newsletters.audience.candidates import candidates
from eventsys.newsletters.audience.choosing import choose
from eventsys.newsletters.audience.keys import Audience, audience_of
from eventsys.newsletters.audience.looking import look_at
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.audience.segments import add_segment
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.newsletters.printing.recipients import paper_round
from eventsys.newsletters.staff.describing import described
from tests.conftest import empty_database
from tests.desk.scenes import QueryCounter, reads
from tests.newsletters.audience.register import DAYS_AGO, Came, Firm, Town, ago, expected, keep, today
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import make_company

ADDRESSES = ("info@alfa.example", "åsa@alfa.example", "info@beta.example", "byran@siffror.example", "egen@brev.example")
CODES = (("2007", "13200"), ("2025", "13300"), ("2025", "47510"), ("2007", "4751"))
DAYS = st.sampled_from((None, 40, 90))

FIRMS = st.lists(
    st.builds(
        Firm,
        name=st.just("Exempel AB"),
        kind=st.sampled_from(CompanyKind),
        place=st.sampled_from(("Borås", "BORÅS", "Kinna", "")),
        postcode=st.sampled_from(("50331", "51152", "")),
        employees=st.sampled_from((None, 0, 4, 50)),
        registered=st.sampled_from((None, *DAYS_AGO)),
        deregistered=st.booleans(),
        archived=st.sampled_from((False, False, True)),
        sni=st.frozensets(st.sampled_from(CODES), max_size=2),
        tags=st.frozensets(st.sampled_from((0, 1)), max_size=2),
        addresses=st.frozensets(st.sampled_from(ADDRESSES), max_size=2),
        visits=st.frozensets(st.tuples(st.sampled_from(DAYS_AGO), st.sampled_from(VisitForm)), max_size=2),
    ),
    max_size=4,
)


@st.composite
def a_town(draw: st.DrawFn) -> Town:
    firms = tuple(draw(FIRMS))
    some_firm = st.sampled_from((None, *range(len(firms))))
    subscribers = draw(st.dictionaries(st.sampled_from(ADDRESSES), some_firm, max_size=4))
    came = st.builds(
        Came, st.sampled_from(ADDRESSES), some_firm, st.sampled_from((0, 1)), st.sampled_from(DAYS_AGO), st.booleans()
    )
    return Town(firms, subscribers, tuple(draw(st.lists(came, max_size=4))))


EACH: dict[str, st.SearchStrategy[object]] = {
    "kinds": st.lists(st.sampled_from(CompanyKind), unique=True).map(tuple),
    "places": st.lists(st.sampled_from(("borås", "Kinna", "50", "511 52")), unique=True).map(tuple),
    "sni": st.lists(st.sampled_from(("13", "4751", "475")), unique=True).map(tuple),
    "sni_version": st.sampled_from(("", "2007", "2025")),
    "tags": st.lists(st.sampled_from((1, 2)), unique=True).map(tuple),
    "least": st.sampled_from((None, 0, 4, 10)),
    "most": st.sampled_from((None, 0, 4, 60)),
    "unknown_size": st.booleans(),
    "registered_since": DAYS,
    "registered_until": DAYS,
    "in_business": st.booleans(),
    "with_company": st.booleans(),
    "visited_since": DAYS,
    "not_visited_since": DAYS,
    "series_id": st.sampled_from((None, 1, 2)),
    "any_event": st.booleans(),
    "attended_since": DAYS,
    "not_attended_since": DAYS,
    "since": st.sampled_from((None, 90)),
}


@st.composite
def some_rules(draw: st.DrawFn) -> dict[str, object]:
    """A few rules at a time: with all of them nobody would fit."""
    names = draw(st.lists(st.sampled_from(sorted(EACH)), min_size=1, max_size=4, unique=True))
    return {name: draw(EACH[name]) for name in names}


_OF_DAYS = (
    "registered_since", "registered_until", "visited_since", "not_visited_since", "attended_since",
    "not_attended_since", "since",
)  # fmt: skip


def rules_of(given_: dict[str, object]) -> Rules:
    """Tags and series are numbered from 1 here; days are counted back."""
    days = {name: ago(int(str(given_[name]))) for name in _OF_DAYS if given_.get(name)}
    return Rules(**{**given_, **dict.fromkeys(_OF_DAYS), **days})  # type: ignore[arg-type]


@pytest.mark.parametrize("base", [COMPANIES, FORETAGSAMT])
def test_the_database_counts_what_plain_python_counts(app: Flask, base: str) -> None:
    @given(a_town(), st.lists(some_rules(), min_size=4, max_size=12))
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def holds(town: Town, several: list[dict[str, object]]) -> None:
        db.session.remove()
        empty_database()
        kept = keep(town)
        for plain in (rules_of(one) for one in several):
            series_id = kept.series[plain.series_id - 1] if plain.series_id else None
            rules = replace(plain, tags=tuple(kept.tags[one - 1] for one in plain.tags), series_id=series_id)
            audience = Audience("", "", base, Rules.from_json(rules.to_json()))
            rows = db.session.execute(candidates(audience)).all()
            assert Counter((row.address, row.company_id) for row in rows) == expected(town, kept, base, plain), rules
            assert look_at(audience).candidates == len(rows)

    holds()


def addresses_of(rules: Rules, base: str = COMPANIES) -> set[str]:
    return {one.address for one in choose(Audience("", "", base, rules)) if isinstance(one, Recipient)}


def test_a_reader_that_is_not_attached_yet_is_found_through_the_contact(app: Flask) -> None:
    make_company("Väveriet AB", ["info@vav.example"], place="Borås")
    make_company("Alfa AB", ["byran@siffror.example"], place="Borås")
    make_company("Beta AB", ["byran@siffror.example"], place="Borås")
    make_reader("info@vav.example")
    make_reader("byran@siffror.example")
    assert addresses_of(Rules(places=("Borås",)), FORETAGSAMT) == {"info@vav.example"}


def test_a_subscriber_at_an_archived_company_keeps_the_letter_and_is_outside_rules(app: Flask) -> None:
    make_company("Gamla AB", ["info@gamla.example"], place="Borås", archived_at=now())
    make_reader("info@gamla.example")
    assert addresses_of(Rules()) == addresses_of(Rules(), FORETAGSAMT) == {"info@gamla.example"}
    assert addresses_of(Rules(places=("Borås",))) == set()


def test_colleagues_count_when_companies_are_written_to_and_not_in_a_list(app: Flask) -> None:
    firm = Firm("Väveriet AB", addresses=frozenset({"info@vav.example"}))
    silent = Firm("Utan adress AB")
    came = (Came("åsa@vav.example", 0, 0, 20, True), Came("bo@utan.example", 1, 1, 20, True))
    kept = keep(Town((firm, silent), {"info@vav.example": 0}, came))
    rules = Rules(series_id=kept.series[0])
    assert addresses_of(rules) == {"info@vav.example"}
    assert addresses_of(rules, FORETAGSAMT) == set()
    assert [(one.organisation, getattr(one, "reason", "")) for one in choose(Audience("", "", COMPANIES, rules))] == [
        ("Väveriet AB", "")
    ]
    left_out = list(choose(Audience("", "", COMPANIES, Rules(series_id=kept.series[1]))))
    assert [(one.organisation, getattr(one, "reason", "")) for one in left_out] == [("Utan adress AB", NO_ADDRESS)]


def test_companies_without_employees_are_a_size_of_their_own(app: Flask) -> None:
    make_company("Ensam AB", ["ensam@ek.example"], employees=0)
    make_company("Stora AB", ["stora@ek.example"], employees=9)
    make_company("Okända AB", ["okand@ek.example"])
    assert addresses_of(Rules.from_json(Rules(most=0).to_json())) == {"ensam@ek.example"}
    assert addresses_of(Rules(least=0)) == {"ensam@ek.example", "stora@ek.example"}
    assert addresses_of(Rules(least=5, unknown_size=True)) == {"stora@ek.example", "okand@ek.example"}


def test_every_rule_is_kept_and_told(app: Flask) -> None:
    kept = keep(Town((Firm("Väveriet AB"),)))
    day = today().replace(month=3, day=5)
    rules = Rules(
        series_id=None, any_event=True, attended_since=day, not_attended_since=day, kinds=(CompanyKind.ASSOCIATION,),
        sni=("13", "4751"), sni_version="2025", tags=(kept.tags[0],), least=0, most=1200, unknown_size=True,
        registered_since=day, registered_until=day, in_business=True, visited_since=day, not_visited_since=day,
    )  # fmt: skip
    with transaction():
        segment = add_segment("Allt", COMPANIES, rules, "Alva")
    db.session.expire_all()
    assert audience_of(segment).rules == rules
    assert described(segment) == (
        "Alla företag med e-postadress, som är företagarföreningar, har etiketten ”Etikett 0”, har en kod i SNI 2025 "
        "som börjar på 13 eller 4751, har 0–1\N{NO-BREAK SPACE}200 anställda eller ett okänt antal, registrerades "
        "5 mars–5 mars, är verksamma, har deltagit i något evenemang tidigast 5 mars, inte har deltagit i något "
        "evenemang sedan 5 mars, har fått besök av oss sedan 5 mars och inte har fått besök av oss sedan 5 mars"
    )


def test_all_rules_at_once_are_one_query_beside_that_for_the_forgotten(app: Flask, count_queries: QueryCounter) -> None:
    keep(Town((Firm("Väveriet AB"),)))
    rules = Rules(
        kinds=(CompanyKind.COMPANY,), sni=("13",), tags=(1,), least=1, registered_since=today(), in_business=True,
        any_event=True, not_attended_since=today(), visited_since=today(), not_visited_since=today(), places=("503",),
    )  # fmt: skip
    for base in (COMPANIES, FORETAGSAMT):
        with count_queries() as statements:
            look_at(Audience("", "", base, rules))
        assert len(reads(statements)) == 2


def test_a_fifth_of_many_companies_fits_ten_rules(app: Flask) -> None:
    _fill(1000)
    rules = Rules(
        kinds=(CompanyKind.COMPANY,), sni=("13",), tags=(1,), least=1, most=90, places=("Borås", "503"),
        registered_since=ago(4000), in_business=True, not_attended_since=ago(300), not_visited_since=ago(300),
    )  # fmt: skip
    assert look_at(Audience("", "", COMPANIES, rules)).recipients == 200


def _fill(number: int) -> None:
    """A fifth of them has the branch, and all have the rest."""
    with transaction():
        db.session.add(Tag(id=1, name="Textil", key="textil", created_at=now()))
        db.session.flush()
        companies = [
            {
                "name": f"Väveri {n} AB", "place": "Borås", "postcode": "50331", "employees": 5,
                "registered_on": ago(100), "created_at": now(),
            }
            for n in range(number)
        ]  # fmt: skip
        ids = db.session.scalars(insert(Company).returning(Company.id, sort_by_parameter_order=True), companies).all()
        codes = [
            {"company_id": one, "version": "2025", "code": "13300" if n % 5 == 0 else "47510"}
            for n, one in enumerate(ids)
        ]
        db.session.execute(insert(CompanySni), codes)
        db.session.execute(insert(CompanyTag), [{"company_id": one, "tag_id": 1} for one in ids])
        db.session.execute(
            insert(Contact),
            [
                {"company_id": one, "email": f"i@v{one}.example", "email_key": f"i@v{one}.example", "created_at": now()}
                for one in ids
            ],
        )


def test_places_come_from_the_register_and_each_once(app: Flask) -> None:
    for place in ("Borås", "Borås", "BORÅS", "Kinna", "", "Åplared"):
        make_company(place=place)
    make_company(place="Nedlagda", archived_at=now())
    assert towns() == ["Borås", "Åplared", "Kinna"]


def test_paper_is_not_printed_for_archived_companies(app: Flask) -> None:
    address = {"street": "Storgatan 1", "postcode": "50331", "place": "Borås"}
    make_company("Kvar AB", **address)
    gone = make_company("Borta AB", archived_at=now() - timedelta(days=1), **address)
    make_company("Dubblett AB", archived_at=now(), merged_into_id=gone.id, **address)
    found = paper_round()
    assert [one.name for one in found.companies] == ["Kvar AB"]
    assert (list(found.left_out), found.by_email) == ([], 0)


def test_the_form_offers_the_register_and_keeps_what_is_chosen(app: Flask, signed_in_client, editor) -> None:  # type: ignore[no-untyped-def]
    with transaction():
        db.session.add(Tag(id=7, name="Textil och mode", key="textil och mode", created_at=now()))
    make_company("Väveriet AB", ["info@vav.example"], place="Borås")
    client = signed_in_client(editor)
    form = client.get("/personal/nyhetsbrev/urval/nytt").text
    assert "Textil och mode" in form
    assert 'value="Borås"' in form
    data = {
        "name": "Textil", "base": COMPANIES, "tags": ["7"], "towns": ["Borås"], "places": "504, Kinna",
        "kinds": ["company"], "sni": "13.30, 47", "sni_version": "2025", "least": "0", "most": "1 000",
        "series": "alla", "attended_since": "2026-01-01",
    }  # fmt: skip
    assert client.post("/personal/nyhetsbrev/urval/nytt", data=data).status_code == 302
    segment = db.session.query(Segment).one()
    assert Rules.from_json(segment.rules) == replace(
        Rules(places=("Borås", "504", "Kinna"), tags=(7,), kinds=(CompanyKind.COMPANY,), sni=("1330", "47")),
        sni_version="2025", least=0, most=1000, any_event=True, attended_since=today().replace(2026, 1, 1),
    )  # fmt: skip
    again = client.get(f"/personal/nyhetsbrev/urval/{segment.id}/andra").text
    assert 'value="504, Kinna"' in again
    assert 'value="1330, 47"' in again


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("sni", "textil", "två till fem siffror"),
        ("most", "-1", "från 0 och uppåt"),
        ("least", "många", "Skriv antalet med siffror"),
        ("registered_until", "2026-13-01", "år-månad-dag"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(
    app: Flask,
    signed_in_client,  # type: ignore[no-untyped-def]
    editor,  # type: ignore[no-untyped-def]
    field: str,
    value: str,
    says: str,
) -> None:
    answer = signed_in_client(editor).post(
        "/personal/nyhetsbrev/urval/nytt", data={"name": "Ett", "base": COMPANIES, field: value}
    )
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.query(Segment).count() == 0
