"""What is taken out: the kept columns, real dates, Swedish order, nothing that runs, no diet, and a note of who did."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import insert

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import Attendee, Event, Registration
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.series import add_question
from eventsys.events.sources import add_source
from eventsys.names import sort_key
from eventsys.sheets import harmless
from eventsys.staff.models import Role
from tests.attendance.conftest import DAY, Visitor, check_in, make_past, partner_of, people, trail, visitor_as
from tests.factories import make_event, make_person, make_registration, make_series
from tests.staff_fixtures import new_account

KEPT = [
    "Evenemang", "Datum", "Företag", "Organisationsnummer", "Namn", "E-post", "Telefon", "Status", "Pass", "Anmäld",
    "Incheckad", "Källa",
]  # fmt: skip
EVIL = "=cmd|'/C calc'!A0"


def taken(client: Visitor, event: Event, kind: str = "xlsx", query: str = "") -> bytes:
    answer = client.get(f"/personal/evenemang/{event.id}/anmalda/deltagare.{kind}{query}")
    assert answer.status_code == 200, answer.text
    return answer.data


def cells(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def lines(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def wall(text: str) -> datetime:
    """A time without a zone, as a spreadsheet holds it."""
    return datetime.fromisoformat(text)


def column(rows: list[list[Any]], name: str) -> list[Any]:
    return [row[rows[0].index(name)] for row in rows[1:]]


def test_the_columns_are_those_that_others_hold_on_to(app: Flask, staff: Visitor) -> None:
    event = make_past(["Åsa Ek"])
    assert cells(taken(staff, event))[0] == KEPT
    assert lines(taken(staff, event, "csv"))[0] == KEPT


def test_each_person_is_one_row_with_dates_as_dates_in_swedish_time(app: Flask, staff: Visitor) -> None:
    starts = datetime(2031, 7, 4, 22, 30, tzinfo=UTC)  # half past midnight on the fifth in Borås
    event = make_event(title="Nattlunch", starts_at=starts, ends_at=starts + timedelta(hours=1))
    with transaction():
        code = add_source(event.id, "Affisch på torget", now()).code
    booked = datetime(2030, 12, 31, 23, 30, 41, tzinfo=UTC)
    asa = make_person("Åsa Ek", "asa@ek.example", phone="070 123 45 67", phone_e164="+46701234567")
    make_registration(event, [asa], at=booked, company_name="Ek AB", company_number="5566778899", source=code)
    check_in(people(event)[0], starts)
    [row] = cells(taken(staff, event))[1:]
    assert row == [
        "Nattlunch", wall("2031-07-05"), "Ek AB", "556677-8899", "Åsa Ek", "asa@ek.example", "070-123 45 67", "Kom",
        None, wall("2031-01-01 00:30"), wall("2031-07-05 00:30"), "Affisch på torget",
    ]  # fmt: skip
    [line] = lines(taken(staff, event, "csv"))[1:]
    assert line[1] == "2031-07-05"
    assert line[8:11] == ["", "2031-01-01 00:30", "2031-07-05 00:30"]


def test_the_order_is_swedish(app: Flask, staff: Visitor) -> None:
    names = ["Bo Åkesson", "Bo Zlatan", "Bo Westin", "Bo Vik", "Bo Édith", "Bo Erik", "Bo Öst", "Bo Ärlig", "Bo Fors"]
    event = make_event(party_size=9)
    make_registration(event, names)
    order = ["Édith", "Erik", "Fors", "Vik", "Westin", "Zlatan", "Åkesson", "Ärlig", "Öst"]
    assert column(cells(taken(staff, event)), "Namn") == [f"Bo {name}" for name in order]
    assert column(lines(taken(staff, event, "csv")), "Namn") == [f"Bo {name}" for name in order]


def test_a_company_called_a_formula_stays_a_text(app: Flask, staff: Visitor) -> None:
    event = make_event()
    make_registration(event, [make_person("-Anna Ek", "anna@ek.example")], company_name=EVIL)
    workbook = openpyxl.load_workbook(io.BytesIO(taken(staff, event)))
    assert workbook.active is not None
    cell = workbook.active["C2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", EVIL, None)
    row = lines(taken(staff, event, "csv"))[1]
    assert (row[2], row[4]) == (f"'{EVIL}", "'-Anna Ek")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_whatever_begins_a_formula_is_made_a_text(begins: str) -> None:
    assert harmless(f"{begins}1+1") == f"'{begins}1+1"
    assert harmless(f"1{begins}1") == f"1{begins}1"


def test_a_link_a_number_and_a_long_text_stay_as_typed(app: Flask, staff: Visitor) -> None:
    event = make_event()
    make_registration(event, [make_person("0701234567", "x@ek.example")], company_name='https://ek.example/;"x"')
    row = cells(taken(staff, event))[1]
    assert (row[2], row[4]) == ('https://ek.example/;"x"', "0701234567")
    assert lines(taken(staff, event, "csv"))[1][2] == 'https://ek.example/;"x"'


def test_a_csv_opens_in_a_swedish_excel(app: Flask, staff: Visitor) -> None:
    content = taken(staff, make_past(["Åsa Ek"]), "csv")
    assert content.startswith(b'\xef\xbb\xbf"Evenemang";"Datum"')
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_the_head_stays_and_can_be_filtered(app: Flask, staff: Visitor) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(taken(staff, make_past(3)))).active
    assert sheet is not None
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:L4")
    assert sheet.column_dimensions["C"].width > 20


def test_a_sole_traders_number_is_not_there(app: Flask, staff: Visitor) -> None:
    event = make_event()
    make_registration(event, ["Eva Ek"], company_name="Ek Snickeri", company_number="8112289874", sole_trader=True)
    content = taken(staff, event, "csv")
    assert b"8112289874" not in content
    assert b"811228" not in content


def test_the_sessions_a_person_holds_are_named(app: Flask, staff: Visitor) -> None:
    event = make_event()
    one = make_registration(event, ["Eva Ek"]).attendees[0]
    with transaction():
        slot = Slot(event_id=event.id, starts_at=event.starts_at, ends_at=event.ends_at, has_choice=True)
        session = Session(slot=slot, event_id=event.id, title="Att sälja utomlands", capacity=9)
        db.session.add(session)
        db.session.flush()
        db.session.add(
            SessionChoice(attendee_id=one.id, slot_id=slot.id, session_id=session.id, state=ChoiceState.HELD)
        )
    assert column(cells(taken(staff, event)), "Pass") == ["Att sälja utomlands"]


def test_own_questions_come_after_the_kept_columns(app: Flask, staff: Visitor) -> None:
    series = make_series()
    event = make_event(series=series)
    with transaction():
        asked = {"label": "Vad vill du lära dig?", "label_en": "", "required": False, "choices": []}
        number = add_question(series.id, asked).id
    make_registration(event, [make_person("Eva Ek", answers={number: "=1+1"}), make_person("Bo Alm")])
    rows = cells(taken(staff, event))
    assert rows[0] == [*KEPT, "Vad vill du lära dig?"]
    assert column(rows, "Vad vill du lära dig?") == [None, "=1+1"]


def test_diet_is_nowhere_in_what_is_taken_out(app: Flask, staff: Visitor) -> None:
    event = make_event(asks_diet=True)
    make_registration(event, [make_person("Eva Ek", diet="Jordnötsallergi av värsta slag")])
    for kind in ("xlsx", "csv"):
        content = taken(staff, event, kind)
        told = str(cells(content)) if kind == "xlsx" else content.decode()
        assert "Eva Ek" in told
        assert "ordnöt" not in told
        assert "kost" not in told.lower()


def test_the_file_holds_exactly_what_the_list_shows(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek", "Bo Alm", "Cia Ek", "Di Om"], capacity=3)
    check_in(next(one for one in people(event) if one.name == "Cia Ek"))
    assert column(cells(taken(staff, event, query="?lage=kom")), "Namn") == ["Cia Ek"]
    assert column(cells(taken(staff, event, query="?sok=cia")), "Namn") == ["Cia Ek"]
    assert column(cells(taken(staff, event, query="?lage=ko")), "Namn") == ["Di Om"]
    assert len(cells(taken(staff, event))) == 5
    page = staff.get(f"/personal/evenemang/{event.id}/anmalda?sok=ek&ordning=nyast").text
    assert f"/personal/evenemang/{event.id}/anmalda/deltagare.xlsx?sok=ek&amp;ordning=nyast" in page


def test_more_than_one_page_of_the_list_is_taken_out_whole(app: Flask, staff: Visitor) -> None:
    event = make_event(capacity=120, party_size=120)
    make_registration(event, 110)
    assert len(lines(taken(staff, event, "csv"))) == 111


def test_who_took_out_what_is_noted_without_names(app: Flask, staff: Visitor) -> None:
    event = make_past(["Anna Ek", "Bo Alm"])
    taken(staff, event)
    taken(staff, event, "csv", "?sok=alm")
    first, second = trail("attendance.exported")
    assert first.subject == f"event:{event.id}"
    assert (first.detail, second.detail) == ({"kind": "xlsx", "rows": 2}, {"kind": "csv", "rows": 1})
    assert "Alva Organiser" in first.actor


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HOST])
def test_editors_and_hosts_take_out_no_lists(app: Flask, role: Role) -> None:
    event = make_past(1)
    client = visitor_as(app, new_account(role))
    for path in (f"/evenemang/{event.id}/anmalda/deltagare.xlsx", "/evenemang/deltagare", "/evenemang/deltagare.csv"):
        assert client.get(f"/personal{path}").status_code == 403, path
    assert trail("attendance.exported") == []


def test_a_co_organiser_takes_out_lists_of_the_own_series_only(app: Flask) -> None:
    own, other = make_past(1), make_past(1)
    client = partner_of(app, own)
    assert taken(client, own)
    assert client.get(f"/personal/evenemang/{other.id}/anmalda/deltagare.xlsx").status_code == 404
    everything = lines(client.get("/personal/evenemang/deltagare.csv").data)
    assert len(everything) == 2
    foreign = f"serie={other.series_id}&fran=2020-01-01&till=2040-01-01&vilka=alla"
    assert client.get(f"/personal/evenemang/deltagare.csv?{foreign}").status_code == 422


def test_an_unknown_kind_of_file_is_not_there(app: Flask, staff: Visitor) -> None:
    assert staff.get(f"/personal/evenemang/{make_past(1).id}/anmalda/deltagare.exe").status_code == 404


# --- several events -----------------------------------------------------------------------------------------------


def test_a_period_of_a_series_is_one_file(app: Flask, staff: Visitor) -> None:
    series = make_series()
    first = make_past(["Anna Ek"], ended=20 * DAY, series=series, title="Lunch ett")
    make_past(["Bo Alm"], ended=10 * DAY, series=series, title="Lunch två")
    make_past(["Cia Om"], ended=10 * DAY, title="Annat")
    make_past(["Di Dahl"], ended=900 * DAY, series=series, title="För länge sedan")
    check_in(people(first)[0])
    day = now().date()
    query = f"serie={series.id}&fran={day - 30 * DAY}&till={day}&vilka=alla"
    page = staff.get(f"/personal/evenemang/deltagare?{query}")
    assert "2 evenemang" in page.text
    rows = lines(staff.get(f"/personal/evenemang/deltagare.csv?{query}").data)
    assert rows[0] == KEPT
    assert [(row[0], row[4], row[7]) for row in rows[1:]] == [
        ("Lunch ett", "Anna Ek", "Kom"), ("Lunch två", "Bo Alm", "Bekräftad"),
    ]  # fmt: skip
    [entry] = trail("attendance.exported")
    assert (entry.subject, entry.detail["rows"], entry.detail["kind"]) == (f"series:{series.id}", 2, "csv")
    came = query.replace("alla", "kom")
    assert len(lines(staff.get(f"/personal/evenemang/deltagare.csv?{came}").data)) == 2


def test_a_period_that_ends_before_it_begins_is_refused_with_what_was_typed(app: Flask, staff: Visitor) -> None:
    answer = staff.get("/personal/evenemang/deltagare?serie=&fran=2030-02-01&till=2030-01-01&vilka=alla")
    assert answer.status_code == 422
    assert "Den sista dagen ska inte vara före den första." in answer.text
    assert "2030-02-01" in answer.text


# --- many ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_two_thousand_people_take_little_time_and_memory(app: Flask, staff: Visitor) -> None:
    event = make_event(capacity=2000)
    booking = make_registration(event, ["Anna Ek"])
    with transaction():
        copy_people(event, booking, 1999)
    tracemalloc.start()
    began = time.perf_counter()
    content = taken(staff, event)
    took, (_, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(cells(content)) == 2001
    assert took < 20, took
    assert most < 60_000_000, most


def copy_people(event: Event, booking: Registration, number: int) -> None:
    names = [f"Person {n} Åkesson" for n in range(number)]
    at = now()
    db.session.execute(
        insert(Attendee),
        [
            {
                "registration_id": booking.id, "event_id": event.id, "name": name, "sort_key": sort_key(name),
                "email": f"p{n}@x.example", "email_key": f"p{n}@x.example", "address_claim": f"p{n}@x.example",
                "state": "confirmed", "token": f"token-{event.id}-{n}", "ticket_code": f"T1{event.id:08}{n:08}",
                "created_at": at, "confirmed_at": at,
            }
            for n, name in enumerate(names)
        ],
    )  # fmt: skip
