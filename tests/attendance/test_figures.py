"""The show-up rate and what it rests on; a company across events; the list for representation."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.companies.queries import company_by_number
from eventsys.database import db, transaction
from eventsys.events.attendance import closing, marking
from eventsys.events.attendance.figures import LAST_EVENTS, Attendance, attendance_of, expected_heads, show_up
from eventsys.events.checkin.models import Door, Scan, ScanAct, ScanResult
from eventsys.events.models import Attendee, Event, Series
from eventsys.staff.models import Role
from tests.attendance.conftest import DAY, Visitor, make_past, partner_of, people, trail, visitor_as
from tests.attendance.reading import pdf_text
from tests.factories import make_event, make_person, make_registration, make_series
from tests.staff_fixtures import new_account


def held(series: Series, registered: int, came: int, ended: Any = 3 * DAY, close: bool = True) -> Event:
    """A past event where so many of those registered came."""
    event = make_past(registered, ended=ended, series=series, capacity=200, party_size=200)
    with transaction():
        marking.mark(event.id, [one.id for one in people_of(event)[:came]], True, now())
        if close:
            closing.close_attendance(event.id, now())
    return event


def people_of(event: Event) -> list[Any]:
    return db.session.query(Attendee).filter_by(event_id=event.id).order_by(Attendee.id).all()


def walk_in(event: Event) -> None:
    """Somebody let in at a door without having registered."""
    with transaction():
        door = Door(event_id=event.id, name="Entrén", token=f"door-{event.id}", created_at=now())
        db.session.add(door)
        db.session.flush()
        one = people_of(event)[-1]
        db.session.add(
            Scan(
                nonce=f"n{event.id}", event_id=event.id, door_id=door.id, attendee_id=one.id, act=ScanAct.WALK_IN,
                result=ScanResult.WELCOME, is_entry=True, at=now(),
            )
        )  # fmt: skip


def test_an_event_is_counted_from_its_rows(app: Flask) -> None:
    event = held(make_series(), registered=5, came=3)
    assert attendance_of(event) == Attendance(registered=5, came=3, no_shows=2, walk_ins=0)
    assert attendance_of(event).share == 0.6


def test_walk_ins_are_heads_but_no_sign_of_who_keeps_a_promise(app: Flask) -> None:
    event = held(make_series(), registered=4, came=4)
    walk_in(event)
    assert attendance_of(event) == Attendance(registered=3, came=3, no_shows=0, walk_ins=1)
    assert attendance_of(event).heads == 4


def test_expected_heads_follow_from_the_series_and_say_from_what(app: Flask, staff: Visitor) -> None:
    series = make_series()
    for came in (9, 8, 7):
        held(series, registered=10, came=came)
    coming = make_event(series=series, capacity=100, party_size=50)
    make_registration(coming, 33)
    expected = expected_heads(coming)
    assert (expected.registered, expected.heads, expected.base.events) == (33, 26, 3)
    page = staff.get(f"/personal/evenemang/{coming.id}").text
    assert "Räkna med ungefär <b>26 personer</b>" in page
    assert "80 % brukar komma, baserat på 3 tillfällen, 30 anmälda" in page
    assert "<b>80 %</b> av de anmälda kommer" in staff.get(f"/personal/serier/{series.id}").text


def test_fewer_than_three_closed_events_are_said_to_be_too_few(app: Flask, staff: Visitor) -> None:
    series = make_series()
    held(series, 10, 9)
    held(series, 10, 9)
    held(series, 10, 9, close=False)
    coming = make_event(series=series)
    make_registration(coming, 2)
    assert expected_heads(coming).heads is None
    for path in (f"evenemang/{coming.id}", f"serier/{series.id}"):
        assert "tre avslutade evenemang" in staff.get(f"/personal/{path}").text
        assert "Hittills 2." in staff.get(f"/personal/{path}").text


def test_only_the_latest_events_of_the_own_series_count(app: Flask) -> None:
    series = make_series()
    held(series, 10, 0, ended=400 * DAY)
    held(make_series(), 10, 0)
    for number in range(LAST_EVENTS):
        held(series, 2, 1, ended=(10 + number) * DAY)
    found = show_up(series.id)
    assert (found.events, found.attendance.registered, found.rate) == (LAST_EVENTS, 2 * LAST_EVENTS, 0.5)


def test_a_past_event_shows_who_came_on_its_first_page(app: Flask, staff: Visitor) -> None:
    page = staff.get(f"/personal/evenemang/{held(make_series(), 4, 3).id}").text
    for term, value in (("Anmälda", "4"), ("Kom", "3 (75 %)"), ("Uteblev", "1")):
        assert f"<dt>{term}</dt><dd>{value}</dd>" in page
    assert "Räkna med" not in page


# --- staff say who came -------------------------------------------------------------------------------------------


def test_staff_are_asked_where_no_door_was_used_and_say_that_all_came(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek", "Bo Alm"], title="Frukost om el")
    assert "Vilka kom?" in staff.get("/personal").text
    assert "Ingen har checkats in. Vilka kom?" in staff.get(f"/personal/evenemang/{event.id}").text
    assert "Anna Ek" in staff.get(f"/personal/evenemang/{event.id}/vilka-kom").text
    answer = staff.post(f"/personal/evenemang/{event.id}/vilka-kom", data={"gor": "alla"})
    page = staff.get(answer.location).text
    assert "2 personer markerade som kom." in page
    assert "Ångra markeringen" in page
    assert "Vilka kom?" not in staff.get("/personal").text
    assert attendance_of(event).came == 2


def test_ticked_people_came_and_the_others_did_not(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek", "Bo Alm", "Cia Dahl"])
    ids = [people(event)[0].id]
    answer = staff.post(f"/personal/evenemang/{event.id}/vilka-kom", data={"gor": "valda", "ids": ids})
    assert "1 person markerade som kom, 2 personer markerade som uteblev." in staff.get(answer.location).text


def test_those_ticked_in_the_list_are_marked_and_it_is_undone(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek", "Bo Alm"])
    one = people(event)[0]
    path = f"/personal/evenemang/{event.id}/anmalda"
    assert "Markera som uteblev" in staff.get(path).text
    answer = staff.post(f"{path}/narvaro?sok=bo&ordning=nyast", data={"gor": "uteblev", "ids": [one.id]})
    assert "sok=bo" in answer.location
    assert "ordning=nyast" in answer.location
    [entry] = trail("attendance.marked")
    assert f"{path}/narvaro/{entry.id}/angra" in staff.get(answer.location).text
    assert people(event)[0].state == "no_show"
    answer = staff.post(f"{path}/narvaro/{entry.id}/angra")
    assert "1 person är som före markeringen." in staff.get(answer.location).text
    assert people(event)[0].state == "confirmed"


def test_marking_needs_somebody_and_an_event_that_has_begun(app: Flask, staff: Visitor) -> None:
    event = make_event()
    one = make_registration(event, ["Anna Ek"]).attendees[0]
    path = f"/personal/evenemang/{event.id}"
    assert "Markera som kom" not in staff.get(f"{path}/anmalda").text
    answer = staff.post(f"{path}/anmalda/narvaro", data={"gor": "kom", "ids": [one.id]})
    assert "har inte börjat" in staff.get(answer.location).text
    answer = staff.post(f"{path}/anmalda/narvaro", data={"gor": "kom"})
    assert "Markera minst en person" in staff.get(answer.location).text
    assert "är inte slut än" in staff.get(staff.get(f"{path}/vilka-kom").location).text
    answer = staff.post(f"{path}/vilka-kom", data={"gor": "alla"})
    assert "är inte slut än" in staff.get(answer.location).text


POSTED = ("anmalda/narvaro", "anmalda/narvaro/1/angra", "vilka-kom", "underlag/dorrlista", "underlag/namnskyltar")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HOST])
def test_others_mark_nobody(app: Flask, role: Role) -> None:
    event = make_past(1)
    client = visitor_as(app, new_account(role))
    for path in POSTED:
        assert client.post(f"/personal/evenemang/{event.id}/{path}").status_code == 403, path


def test_a_co_organiser_marks_nobody_in_other_series(app: Flask) -> None:
    own, other = make_past(1), make_past(1)
    client = partner_of(app, own)
    ids = [people(other)[0].id]
    for path in POSTED:
        answer = client.post(f"/personal/evenemang/{other.id}/{path}", data={"ids": ids, "gor": "kom"})
        assert answer.status_code == 404, path
    for path in ("anmalda/narvaro", "underlag/namnskyltar"):  # a foreign person under the own event's address
        answer = client.post(f"/personal/evenemang/{own.id}/{path}", data={"ids": ids, "gor": "kom"})
        assert answer.status_code == 404, path
    assert people(other)[0].state == "confirmed"


# --- a company ----------------------------------------------------------------------------------------------------


def company_id() -> int:
    company = company_by_number("5566778899")
    assert company is not None
    return company.id


EK = {"company_name": "Ek AB", "company_number": "5566778899"}


def test_a_companys_events_and_people_are_gathered(app: Flask, staff: Visitor) -> None:
    first = make_event(title="Lunch ett")
    booking = make_registration(first, ["Anna Ek"], **EK)
    second = make_event(title="Lunch två")
    make_registration(second, ["Anna Ek", "Bo Alm"], **EK)
    page = staff.get(f"/personal/foretag/{company_id()}").text
    for told in ("Ek AB", "556677-8899", "Lunch ett", "Lunch två", "Anna Ek", "Bo Alm"):
        assert told in page
    assert f"/personal/foretag/{company_id()}" in staff.get(f"/personal/anmalan/{booking.id}").text


def test_a_co_organiser_sees_a_company_only_where_it_came_to_the_own_series(app: Flask) -> None:
    own, other = make_event(title="Vår lunch"), make_event(title="Deras middag")
    make_registration(other, ["Anna Ek"], **EK)
    client = partner_of(app, own)
    assert client.get(f"/personal/foretag/{company_id()}").status_code == 404
    make_registration(own, ["Bo Alm"], **EK)
    page = client.get(f"/personal/foretag/{company_id()}").text
    assert "Vår lunch" in page
    assert "Deras middag" not in page
    assert "Anna Ek" not in page


def test_hosts_see_no_companys_history(app: Flask) -> None:
    make_registration(make_event(), ["Anna Ek"], **EK)
    assert visitor_as(app, new_account(Role.HOST)).get(f"/personal/foretag/{company_id()}").status_code == 403


def test_an_unknown_company_is_not_there(app: Flask, staff: Visitor) -> None:
    assert staff.get("/personal/foretag/999999").status_code == 404


# --- representation -----------------------------------------------------------------------------------------------


def sheet_text(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_before_the_event_the_list_names_those_registered_and_says_so(app: Flask, staff: Visitor) -> None:
    event = make_event(title="Middag på Åhaga", summary="Samtal om export.", asks_diet=True)
    make_registration(event, [make_person("Åsa Öberg", diet="Skaldjursallergi"), make_person("Bo Alm")])
    path = f"/personal/evenemang/{event.id}/underlag/representation"
    page = staff.get(path).text
    assert "Middag på Åhaga. Samtal om export." in page
    assert "anmälda" in page
    told = pdf_text(staff.post(path, data={"purpose": "Export till Norge", "gor": "pdf"}).data)
    assert "2 anmälda. Evenemanget har inte varit." in told
    for word in ("Export till Norge", "Åhaga", "Åsa Öberg", "Väveriet i Borås AB"):
        assert word in told
    assert "kaldjur" not in told
    assert told.index("Bo Alm") < told.index("Åsa Öberg")
    rows = sheet_text(staff.post(path, data={"purpose": "=1+1", "gor": "xlsx"}).data)
    assert rows[0][0] == "Syfte: =1+1"
    assert ["Åsa Öberg", "Väveriet i Borås AB"] in rows
    assert [entry.detail for entry in trail("representation.taken_out")] == [
        {"kind": "pdf", "rows": 2}, {"kind": "xlsx", "rows": 2},
    ]  # fmt: skip


def test_afterwards_it_names_only_those_who_came(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek", "Bo Alm"])
    path = f"/personal/evenemang/{event.id}/underlag/representation"
    assert "Ingen är markerad som kom" in staff.get(path).text
    with transaction():
        marking.mark(event.id, [people(event)[0].id], True, now())
    told = pdf_text(staff.post(path, data={"purpose": "Lunch", "gor": "pdf"}).data)
    assert "Bo Alm" in told
    assert "Anna Ek" not in told
    assert "Evenemanget har inte varit" not in told


def test_a_list_without_a_purpose_is_refused(app: Flask, staff: Visitor) -> None:
    answer = staff.post(f"/personal/evenemang/{make_event().id}/underlag/representation", data={"purpose": " "})
    assert answer.status_code == 422
    assert "Skriv syftet." in answer.text


# --- the tab ------------------------------------------------------------------------------------------------------


def test_the_tab_says_who_took_out_what_last(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek"])
    path = f"/personal/evenemang/{event.id}"
    assert "Togs ut senast" not in staff.get(f"{path}/underlag").text
    staff.get(f"{path}/anmalda/deltagare.xlsx")
    staff.post(f"{path}/underlag/dorrlista")
    page = staff.get(f"{path}/underlag").text
    assert page.count("Togs ut senast") == 2
    assert "av Alva Organiser" in page
    assert f'href="{path}/underlag"' in staff.get(path).text


def test_marking_twice_in_two_windows_is_harmless(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek"])
    data = {"gor": "kom", "ids": [people(event)[0].id]}
    path = f"/personal/evenemang/{event.id}/anmalda/narvaro"
    staff.post(path, data=data)
    assert "1 person lämnades som de var" in staff.get(staff.post(path, data=data).location).text
    assert len(trail("attendance.marked")) == 1
