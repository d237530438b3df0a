"""Visits: written down, changed, followed up, and the year's against the goal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from eventsys.clock import local, now
from eventsys.companies.models import Visit, VisitForm
from eventsys.database import db
from tests.companies.pages.scenes import REGISTER, acts, hidden, make_company, make_visit, names_in
from tests.desk.scenes import QueryCounter
from tests.staff_fixtures import Visitor

PAGE = f"{REGISTER}/besok"


@pytest.fixture
def november() -> Iterator[None]:
    """It is the second of November 2026."""
    with time_machine.travel("2026-11-02T10:00:00Z", tick=True):
        yield


def today() -> date:
    return local(now()).date()


def the_visit() -> Visit:
    return db.session.scalars(select(Visit)).one()


def form(**given: str) -> dict[str, str]:
    return {"visited_on": "2026-03-04", "form": "on_site", **given}


def test_a_visit_is_written_down(client: Visitor) -> None:
    one = make_company()
    answer = client.post(f"{REGISTER}/{one}/besok/nytt", data=form(
        visited_on="2020-03-04", form="digital", who="Alva, Bo", met="Åsa Ek, vd", themes="Lokal\r\n\r\nEnergi",
        text="Växer.", follow_up="Skicka tomtkartan", follow_up_on="2020-04-01",
    ))  # fmt: skip
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{one}")
    visit = the_visit()
    assert (visit.visited_on, visit.form, visit.who) == (date(2020, 3, 4), VisitForm.DIGITAL, "Alva, Bo")
    assert (visit.theme_list, visit.follow_up_on) == (["Lokal", "Energi"], date(2020, 4, 1))
    assert acts() == ["company.visit_added"]


def test_the_form_proposes_today_and_who_is_signed_in(client: Visitor) -> None:
    page = client.get(f"{REGISTER}/{make_company()}/besok/nytt").text
    assert f'value="{today()}"' in page
    assert 'value="Alva Organiser"' in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"visited_on": ""}, "Skriv vilken dag det var."),
        ({"visited_on": "i går"}, "Skriv datumet som år-månad-dag"),
        ({"form": "brev"}, "form"),
        ({"follow_up_on": "2026-05-01"}, "Skriv vad som ska följas upp, eller ta bort dagen."),
        ({"text": "Bo 850101-1236"}, "personnummer"),
    ],
)
def test_what_is_no_visit_is_refused_at_the_field(client: Visitor, given: dict[str, str], said: str) -> None:
    answer = client.post(f"{REGISTER}/{make_company()}/besok/nytt", data=form(**given))
    assert (answer.status_code, said in answer.text) == (422, True)
    assert db.session.scalars(select(Visit)).all() == []


def test_a_day_to_come_is_no_visit_yet(client: Visitor) -> None:
    one = make_company()
    answer = client.post(f"{REGISTER}/{one}/besok/nytt", data=form(visited_on=str(today() + timedelta(days=2))))
    assert (answer.status_code, "Dagen har inte varit än." in answer.text) == (422, True)


def test_a_visit_is_changed_and_another_follow_up_is_still_to_be_done(client: Visitor) -> None:
    one = make_company()
    visit = make_visit(one, date(2020, 3, 4), follow_up="Ring", followed_up_at=now(), who="Alva")
    address = f"{REGISTER}/{one}/besok/{visit}"
    sent = form(visited_on="2020-03-04", follow_up="Ring", who="Bo", seen=hidden(client.get(address)))
    client.post(address, data=sent)
    assert (the_visit().who, the_visit().followed_up_at is None) == ("Bo", False)
    client.post(address, data={**sent, "follow_up": "Skriv", "seen": hidden(client.get(address))})
    assert (the_visit().follow_up, the_visit().followed_up_at) == ("Skriv", None)


def test_two_colleagues_at_a_visit_do_not_overwrite_each_other(client: Visitor) -> None:
    one = make_company()
    address = f"{REGISTER}/{one}/besok/{make_visit(one, date(2020, 3, 4))}"
    sent = form(visited_on="2020-03-04", seen=hidden(client.get(address)))
    client.post(address, data={**sent, "form": "digital"})
    answer = client.post(address, data={**sent, "form": "information"})
    assert (answer.status_code, "Sparat nu: Digitalt" in answer.text) == (409, True)
    assert the_visit().form is VisitForm.DIGITAL


def test_a_visit_is_followed_up_once_and_undone(client: Visitor) -> None:
    one = make_company()
    address = f"{REGISTER}/{one}/besok/{make_visit(one, date(2020, 3, 4), follow_up='Ring')}/uppfoljt"
    assert client.post(address).location == f"{REGISTER}/{one}"
    first = the_visit().followed_up_at
    assert client.post(address, data={"till": "besok"}).location == PAGE
    assert (the_visit().followed_up_at, acts()) == (first, ["company.followed_up"])
    client.post(address, data={"gor": "angra"})
    assert the_visit().followed_up_at is None


def test_a_visit_is_removed_after_a_question_and_found_at_its_own_company_only(client: Visitor) -> None:
    one, other = make_company(), make_company()
    visit = make_visit(one, date(2020, 3, 4))
    for more in ("", "/ta-bort"):
        assert client.get(f"{REGISTER}/{other}/besok/{visit}{more}").status_code == 404
    for more in ("/uppfoljt", "/ta-bort"):
        assert client.post(f"{REGISTER}/{other}/besok/{visit}{more}").status_code == 404
    assert "Ta bort besöket 4 mars 2020?" in client.get(f"{REGISTER}/{one}/besok/{visit}/ta-bort").text
    client.post(f"{REGISTER}/{one}/besok/{visit}/ta-bort")
    assert db.session.scalars(select(Visit)).all() == []


# --- the year -----------------------------------------------------------------------------------------------------


def test_the_year_is_held_against_the_goal(november: None, client: Visitor) -> None:
    one, two = make_company("Ett AB"), make_company("Två AB")
    make_visit(one, date(2026, 1, 1))
    make_visit(one, date(2026, 3, 4), form="digital")
    make_visit(two, date(2026, 3, 5), form="information")
    make_visit(two, date(2025, 12, 31))
    page = client.get(PAGE).text
    assert "148 kvar till årets mål." in page
    assert "2 av 150" in page
    assert "<b>1</b>företag har fått besök" in page
    assert names_in(client.get(PAGE)) == ["Två AB", "Ett AB", "Ett AB"]
    assert "1 besök av målet 150." in client.get(f"{PAGE}?ar=2025").text


def test_visits_are_filtered_by_form_and_colleague(november: None, client: Visitor) -> None:
    one, two = make_company("Ett AB"), make_company("Två AB")
    make_visit(one, date(2026, 1, 1), who="Åsa Ek, Bo Alm")
    make_visit(two, date(2026, 3, 4), who="Eva", form="digital")
    assert names_in(client.get(f"{PAGE}?vem=asa")) == ["Ett AB"]
    assert names_in(client.get(f"{PAGE}?form=digital")) == ["Två AB"]
    assert "Inget besök passar in" in client.get(f"{PAGE}?form=digital&vem=bo").text
    for odd in ("ar=x", "ar=99999999999", "form=x", "sida=-1", "vem=%00", "ar=1066"):
        assert client.get(f"{PAGE}?{odd}").status_code == 200, odd


def test_what_is_to_be_followed_up_stands_overdue_first(november: None, client: Visitor) -> None:
    one, away = make_company("Ett AB"), make_company("Undan AB", archived_at=now())
    make_visit(one, date(2026, 5, 1), follow_up="Utan dag")
    make_visit(one, date(2026, 5, 2), follow_up="Längre fram", follow_up_on=date(2026, 12, 1))
    make_visit(one, date(2024, 5, 3), follow_up="Försenad sak", follow_up_on=date(2026, 11, 1))
    make_visit(one, date(2026, 5, 4), follow_up="Redan gjord", followed_up_at=now())
    make_visit(away, date(2026, 5, 5), follow_up="Arkiverad sak")
    page = client.get(f"{PAGE}?ar=2024").text
    places = [page.index(f"<strong>{text}</strong>") for text in ("Försenad sak", "Längre fram", "Utan dag")]
    assert places == sorted(places)
    assert page.count("Försenat") == 1
    assert "<strong>Redan gjord" not in page
    assert "<strong>Arkiverad sak" not in page


def test_the_visits_are_taken_out_as_they_are_seen(november: None, client: Visitor, editors: Visitor) -> None:
    one = make_company("Ett AB")
    make_visit(one, date(2026, 1, 2), who="Eva", themes="Lokal\nEnergi", followed_up_at=now(), follow_up="Ring")
    make_visit(one, date(2026, 1, 3), who="Bo")
    content = client.get(f"{PAGE}/lista.xlsx?ar=2026&vem=eva").data
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert [row[4] for row in rows[1:]] == ["Eva"]
    assert dict(zip(rows[0], rows[1], strict=True))["Teman"] == "Lokal, Energi"
    assert acts()[-1] == "visit.exported"
    assert "lista.csv" not in editors.get(PAGE).text
    assert editors.get(f"{PAGE}/lista.csv").status_code == 403


def test_a_year_without_visits_says_where_they_are_written_down(client: Visitor) -> None:
    assert "Skriv in dem på företagets sida" in client.get(PAGE).text


def test_the_page_costs_the_same_however_many_visits_there_are(client: Visitor, count_queries: QueryCounter) -> None:
    costs = []
    for times in (2, 30):
        for _ in range(times):
            make_visit(make_company(), date(today().year, 1, 1), follow_up="Ring")
        client.get(PAGE)
        with count_queries() as statements:
            assert client.get(PAGE).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 10
