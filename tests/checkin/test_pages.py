"""The door's addresses: PIN, cookie, hours, headers, the list, uploads that make no sense."""

from __future__ import annotations

import contextlib
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.checkin.acts import BadUpload, read_acts
from eventsys.events.checkin.keeping import close_door, renew_pins
from eventsys.events.checkin.pins import pins_of
from eventsys.events.models import AttendeeState, Event
from eventsys.tokens import human_code
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import (
    HOUR,
    SUPERVISOR,
    Phone,
    choose,
    entries,
    event_now,
    make_door,
    make_sessions,
    new_nonce,
    scan,
    scans,
    walk_in,
)
from tests.events.scenes import cancel_people, change_details, person
from tests.factories import make_event, make_person, make_registration
from tests.staff_fixtures import visitor

DAY = timedelta(days=1)


def test_an_unknown_token_is_404_everywhere(app: Flask) -> None:
    client = visitor(app)
    for path in ("", "/lista", "/arbetare.js", "/manifest.webmanifest"):
        assert client.get(f"/dorr/finns-inte{path}").status_code == 404
    for path in ("", "/las", "/enkel", "/inslapp"):
        assert client.post(f"/dorr/finns-inte{path}", headers={"X-Dorr": "1"}).status_code == 404


def test_the_page_asks_for_the_pin_and_shows_no_name_before(entrance: Entrance, app: Flask) -> None:
    client = visitor(app)
    text = client.get(f"/dorr/{entrance.door.token}").text
    assert "PIN-kod" in text
    assert "Öberg" not in text
    assert client.get(f"/dorr/{entrance.door.token}/lista").status_code == 401
    answer = client.post(f"/dorr/{entrance.door.token}/inslapp", json={"scans": []}, headers={"X-Dorr": "1"})
    assert (answer.status_code, answer.json) == (401, {"error": "Skriv PIN-koden igen."})


def test_the_cookie_belongs_to_this_door_alone(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door, None)
    answer = phone.client.post(phone.path, data={"pin": pins_of(entrance.door).host})
    cookie = answer.headers["Set-Cookie"]
    assert f"Path={phone.path};" in cookie + ";"
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    other = visitor(app)
    other.set_cookie("dorr", value, path=f"/dorr/{entrance.other.token}")
    assert other.get(f"/dorr/{entrance.other.token}/lista").status_code == 401
    other.set_cookie("dorr", value[:-2] + "xx", path=phone.path)
    assert other.get(f"{phone.path}/lista").status_code == 401


def test_the_shell_that_phones_keep_names_nobody(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door)
    shell = phone.client.get(phone.path)
    assert shell.headers["X-Dorr-Skal"]
    assert "Öberg" not in shell.text
    found = phone.client.get(f"{phone.path}?q=oberg")
    assert "Åsa Öberg" in found.text
    assert "X-Dorr-Skal" not in found.headers


def test_the_camera_and_webassembly_are_allowed_on_this_page_alone(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door)
    shell = phone.client.get(phone.path).headers
    assert "'wasm-unsafe-eval'" in shell["Content-Security-Policy"]
    assert "camera=(self)" in shell["Permissions-Policy"]
    for path in ("/evenemang", f"/dorr/{entrance.other.token}"):
        headers = phone.client.get(path).headers
        assert "wasm" not in headers["Content-Security-Policy"]
        assert "camera=()" in headers["Permissions-Policy"]


def test_the_worker_may_control_its_own_door_and_no_other_page(entrance: Entrance, app: Flask) -> None:
    answer = visitor(app).get(f"/dorr/{entrance.door.token}/arbetare.js")
    assert answer.headers["Service-Worker-Allowed"] == f"/dorr/{entrance.door.token}"
    kept = json.loads(answer.text.partition("const KEPT = ")[2].partition(";\n")[0])
    for file in kept["files"]:
        with visitor(app).get(file) as found:
            assert found.status_code == 200, file
    assert not any("lista" in file for file in kept["files"])


def test_scripts_are_kept_by_version_and_nothing_else_is_read(entrance: Entrance, app: Flask) -> None:
    client = visitor(app)
    [address] = [
        part for part in client.get(f"/dorr/{entrance.door.token}").text.split('"') if part.startswith("/dorr/kod/")
    ]
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/dorr/kod/gammal/pin.js").headers["Cache-Control"] == "no-cache"
    for name in ("finns-inte", "..%2F..%2Fsite", "..", "%2e%2e%2fsite"):
        assert client.get(f"/dorr/kod/x/{name}.js").status_code == 404


# --- PIN ----------------------------------------------------------------------------------------------------------


def test_wrong_pins_are_told_and_ten_of_them_lock_this_address_out(entrance: Entrance, app: Flask) -> None:
    client = visitor(app)
    path = f"/dorr/{entrance.door.token}"
    for _ in range(10):
        answer = client.post(path, data={"pin": "000000"})
        assert answer.status_code == 422
        assert "stämmer inte" in answer.text
    locked = client.post(path, data={"pin": pins_of(entrance.door).host})
    assert locked.status_code == 429
    assert "Vänta tio minuter" in locked.text
    other = f"/dorr/{entrance.other.token}"
    assert client.post(other, data={"pin": pins_of(entrance.other).host}).status_code == 303


def test_a_lock_out_ends(entrance: Entrance, app: Flask) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        client, path = visitor(app), f"/dorr/{entrance.door.token}"
        for _ in range(10):
            client.post(path, data={"pin": "000000"})
        assert client.post(path, data={"pin": pins_of(entrance.door).host}).status_code == 429
        clock.shift(timedelta(minutes=11))
        assert client.post(path, data={"pin": pins_of(entrance.door).host}).status_code == 303


def test_right_pins_never_count(entrance: Entrance, app: Flask) -> None:
    for _ in range(15):
        assert Phone(app, entrance.door).list()["people"]


@pytest.mark.parametrize("typed", ["", "12345", "ÅÄÖ", "0" * 40, "x\0y", "１２３４５６"])
def test_what_is_no_pin_is_wrong(entrance: Entrance, app: Flask, typed: str) -> None:
    assert visitor(app).post(f"/dorr/{entrance.door.token}", data={"pin": typed}).status_code == 422


def test_a_pin_may_be_typed_in_two_groups(entrance: Entrance, app: Flask) -> None:
    pin = pins_of(entrance.door).host
    answer = visitor(app).post(f"/dorr/{entrance.door.token}", data={"pin": f"{pin[:3]} {pin[3:]} "})
    assert answer.status_code == 303


# --- hours --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_start", "status", "text"),
    [
        (-timedelta(hours=24, minutes=1), 403, "Dörren öppnar"),
        (-timedelta(hours=23, minutes=59), 200, "PIN-kod"),
        (timedelta(hours=2) + timedelta(hours=23, minutes=59), 200, "PIN-kod"),
        (timedelta(hours=2) + timedelta(hours=24), 410, "Evenemanget är över"),
    ],
)
def test_a_door_is_valid_from_a_day_before_until_a_day_after(app, from_start, status, text):
    event = event_now()
    door = make_door(event)
    with time_machine.travel(event.starts_at + from_start, tick=False):
        answer = visitor(app).get(f"/dorr/{door.token}")
        assert answer.status_code == status
        assert text in answer.text


def test_a_course_with_later_dates_keeps_its_door(app):
    event = event_now()
    door = make_door(event)
    [last] = make_sessions(event, "Sista tillfället")
    with transaction():
        slot = db.session.merge(last).slot
        slot.starts_at, slot.ends_at = event.starts_at + 30 * DAY, event.ends_at + 30 * DAY
    with time_machine.travel(event.starts_at + 30 * DAY, tick=False):
        assert visitor(app).get(f"/dorr/{door.token}").status_code == 200


def test_a_closed_door_takes_what_phones_kept_from_before_and_nothing_new(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door)
    with transaction():
        close_door(db.session.merge(entrance.door), now())
    early, late = (now() - HOUR / 3).isoformat(), (now() + HOUR).isoformat()
    fresh, kept, lying = phone.send(
        phone.entry(entrance.asa.ticket_code),
        phone.entry(entrance.bo.ticket_code, offline=True, at=early),
        phone.entry(entrance.asa.ticket_code, offline=True, at=late),
    )
    assert [fresh["result"], kept["result"], lying["result"]] == ["refused", "welcome", "refused"]
    assert fresh["why"] == "closed"


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_list_has_what_the_door_needs_and_no_address_phone_or_diet(app: Flask) -> None:
    event = event_now(asks_diet=True)
    secret = make_person("Åsa Öberg", "asa@hemlig.example", phone="033-35 70 00", phone_e164="+4633357000",
                         diet="Nötter")  # fmt: skip
    asa = make_registration(event, [secret]).attendees[0]
    phone = Phone(app, make_door(event))
    text = phone.client.get(f"{phone.path}/lista").text
    for hidden in ("hemlig", "@", "357000", "35 70 00", "ötter", "n\\u00f6t", asa.ticket_code, asa.token):
        assert hidden not in text, hidden
    [row] = phone.list()["people"]
    assert (row["name"], row["c"], row["s"], row["in"]) == ("Åsa Öberg", "Väveriet i Borås AB", "confirmed", None)
    assert row["h"] == hashlib.sha256(asa.ticket_code.encode()).hexdigest()[:32]
    body = human_code(asa.ticket_code).replace("-", "")
    assert row["k"] == hashlib.sha256(body.encode()).hexdigest()[:4]


def test_the_list_says_who_is_in_and_which_codes_are_revoked(entrance: Entrance, app: Flask) -> None:
    old, gone = entrance.asa.ticket_code, entrance.bo.ticket_code
    change_details(person("Åsa Öberg"), make_person("Åsa Öberg", "ny@adress.example"), now())
    cancel_people([person("Bo Alm")], now())
    scan(entrance.other, person("Åsa Öberg").ticket_code)
    found = Phone(app, entrance.door).list()
    rows = {row["name"]: row for row in found["people"]}
    assert (rows["Åsa Öberg"]["by"], rows["Åsa Öberg"]["s"]) == ("Bakdörren", "attended")
    assert rows["Åsa Öberg"]["in"] is not None
    hashes = {hashlib.sha256(code.encode()).hexdigest()[:32]: why for code, why in
              ((old, "transferred"), (gone, "cancelled"))}  # fmt: skip
    assert found["revoked"] == hashes
    assert found["counts"] == {"in": 1, "expected": 1}


def test_an_unchanged_list_is_304_and_every_change_is_seen(entrance: Entrance, app: Flask) -> None:
    [weave] = make_sessions(entrance.event, "Väva")
    phone, seen = Phone(app, entrance.door), set()
    changes = [
        lambda: None,
        lambda: scan(entrance.other, entrance.asa),
        lambda: change_details(person("Bo Alm"), make_person("Bo Ek", "bo.alm@foretag.se"), now()),
        lambda: walk_in(entrance.door),
        lambda: choose(entrance.asa, weave),
        lambda: make_registration(entrance.event, ["Elin Sjö"]),
        lambda: cancel_people([person("Elin Sjö")], now()),
    ]
    for change in changes:
        change()
        etag = phone.client.get(f"{phone.path}/lista").headers["ETag"]
        seen.add(etag)
        again = phone.client.get(f"{phone.path}/lista", headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
    assert len(seen) == len(changes)


def test_a_rooms_list_counts_the_room(entrance: Entrance, app: Flask) -> None:
    weave, dye = make_sessions(entrance.event, "Väva", "Färga")
    choose(entrance.asa, weave)
    choose(entrance.bo, dye)
    scan(entrance.door, entrance.asa)
    found = Phone(app, make_door(entrance.event, "Väva", weave)).list()
    assert (found["counts"], found["choice"]) == ({"in": 0, "expected": 1}, True)
    assert {row["name"]: row["ses"] for row in found["people"]} == {"Åsa Öberg": [weave.id], "Bo Alm": [dye.id]}
    assert all(row["in"] is None for row in found["people"])


# --- what is sent -------------------------------------------------------------------------------------------------


def test_one_scan_and_its_answer(entrance: Entrance, app: Flask) -> None:
    answer = Phone(app, entrance.door).scan(entrance.asa.ticket_code)
    assert (answer["result"], answer["name"], answer["company"]) == ("welcome", "Åsa Öberg", "Väveriet i Borås AB")
    again = Phone(app, entrance.other).scan(entrance.asa.ticket_code)
    assert (again["result"], again["door"], again["at"]) == ("already", "Stora entrén", answer["at"])


def test_a_ticket_of_another_event_names_the_event_only(entrance: Entrance, app: Flask) -> None:
    other = event_now(title="Julbordet")
    guest = make_registration(other, ["Hemliga Gästen"]).attendees[0]
    answer = Phone(app, entrance.door).scan(guest.ticket_code)
    assert answer["other"] == {"title": "Julbordet", "starts": other.starts_at.isoformat()}
    assert (answer["name"], answer["company"], answer["n"]) == ("", "", None)
    entry = Phone(app, entrance.door).entry(guest.ticket_code)
    assert [Phone(app, entrance.door).send(entry)[0]["other"]["title"] for _ in range(2)] == ["Julbordet"] * 2


def test_an_upload_sent_again_is_the_same_rows(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door)
    kept = [
        phone.entry(entrance.asa.ticket_code, offline=True),
        phone.entry(act="walk_in", name="Nya Gästen", offline=True),
        phone.entry(n=entrance.bo.id, offline=True),
    ]
    answers = [phone.send(*kept) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(scans(entrance.event)) == 3
    assert len(entries(entrance.event)) == 3


def test_a_supervisors_phone_may_undo_and_a_hosts_may_not(entrance: Entrance, app: Flask) -> None:
    host, boss = Phone(app, entrance.door), Phone(app, entrance.door, SUPERVISOR)
    host.scan(entrance.asa.ticket_code)
    assert host.scan(act="undo", n=entrance.asa.id)["why"] == "supervisor_only"
    assert boss.scan(act="undo", n=entrance.asa.id)["result"] == "undone"
    assert person("Åsa Öberg").state is AttendeeState.CONFIRMED


def test_scans_without_our_header_are_refused(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door)
    body = {"scans": [phone.entry(entrance.asa.ticket_code)]}
    answer = phone.client.post(f"{phone.path}/inslapp", json=body)
    assert answer.status_code == 400
    assert scans(entrance.event) == []


def test_forms_without_their_key_are_refused(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door)
    form = {"act": "enter", "code": entrance.asa.ticket_code, "nonce": new_nonce()}
    assert phone.client.post(f"{phone.path}/enkel", data=form).status_code == 403
    phone.client.post(f"{phone.path}/las")
    assert phone.list()["people"]  # still signed in
    assert scans(entrance.event) == []


RIGHT = {"nonce": "n" * 20, "act": "enter", "code": "T1AAAAAAAAAAAAAAAA"}
WRONG: list[Any] = [
    None, [], "text", 7, {}, {"scans": None}, {"scans": []}, {"scans": {}}, {"scans": [1]}, {"scans": [[]]},
    {"scans": [RIGHT] * 101},
    *({"scans": [{**RIGHT, **wrong}]} for wrong in (
        {"nonce": ""}, {"nonce": "kort"}, {"nonce": 5}, {"nonce": "x" * 41}, {"nonce": "å" * 20}, {"nonce": None},
        {"act": "annat"}, {"act": []}, {"act": {}}, {"act": None}, {"code": 5}, {"code": "x" * 81}, {"code": None},
        {"n": "1", "code": ""}, {"n": True}, {"n": 0}, {"n": -1}, {"n": 2**31}, {"n": 1.5}, {"n": 10**400},
        {"at": "igår"}, {"at": "2026-01-01T10:00"}, {"at": 5}, {"at": "9999-12-31T23:59:59-14:00"},
        {"at": "0001-01-01T00:00:00+14:00"}, {"offline": "ja"}, {"offline": 1}, {"anyway": []}, {"device": "ö"},
        {"act": "walk_in"}, {"act": "walk_in", "name": "  "}, {"act": "walk_in", "name": "\ud800"},
        {"act": "walk_in", "name": "x", "email": "inte en adress"}, {"act": "walk_in", "name": "x" * 121},
        {"act": "undo"},
    )),
]  # fmt: skip


@pytest.mark.parametrize("body", WRONG, ids=lambda body: json.dumps(body)[:60])
def test_what_makes_no_sense_is_refused_in_clear_words(entrance: Entrance, app: Flask, body: Any) -> None:
    answer = Phone(app, entrance.door).post(body)
    assert answer.status_code == 422
    assert len(answer.json["error"]) > 20
    assert scans(entrance.event) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 300_000, b'{"scans": [' + b"9" * 5000 + b"]}"]
)
def test_bytes_that_are_no_json_are_refused(entrance: Entrance, app: Flask, body: bytes) -> None:
    phone = Phone(app, entrance.door)
    answer = phone.client.post(f"{phone.path}/inslapp", data=body, headers={"X-Dorr": "1"})
    assert answer.status_code == 422
    assert answer.json["error"]


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.sampled_from(list(RIGHT))
FIELDS = st.sampled_from([*RIGHT, "n", "at"])
PIECES = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6), max_leaves=20
)


@given(sent=PIECES | st.fixed_dictionaries({"scans": st.lists(PIECES, min_size=1, max_size=3)}))
def test_reading_an_upload_ends_in_acts_or_in_clear_words(sent: Any) -> None:
    with contextlib.suppress(BadUpload):
        assert read_acts(sent)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(extra=st.dictionaries(st.sampled_from(["code", "n", "at", "name", "company", "email", "device", "act"]), PIECES))
def test_whatever_is_sent_is_answered_and_never_breaks(entrance: Entrance, app: Flask, extra: dict[str, Any]) -> None:
    phone = Phone(app, entrance.door)
    answer = phone.post({"scans": [{"nonce": new_nonce(), "act": "walk_in", "name": "Å", **extra}]})
    assert answer.status_code in (200, 422)
    assert answer.json


def test_texts_that_no_row_can_hold_are_cleaned(entrance: Entrance, app: Flask) -> None:
    answer = Phone(app, entrance.door).scan(act="walk_in", name="Åsa\0\u202e Ek\n", company="\0")
    assert (answer["result"], answer["name"], answer["company"]) == ("welcome", "Åsa Ek", "")


def test_the_door_is_not_doubled_to_english(entrance: Entrance, app: Flask) -> None:
    assert visitor(app).get(f"/en/dorr/{entrance.door.token}").status_code == 404


def test_no_page_at_the_door_is_kept_by_browsers_or_proxies(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.door)
    for path in ("", "/lista", "?q=a"):
        assert phone.client.get(phone.path + path).headers["Cache-Control"] == "no-store"


def test_renewed_pins_do_not_touch_other_doors(entrance: Entrance, app: Flask) -> None:
    phone = Phone(app, entrance.other)
    with transaction():
        renew_pins(db.session.merge(entrance.door))
    assert phone.list()["people"]


def test_a_draft_without_people_has_an_empty_list(app: Flask) -> None:
    event: Event = make_event(starts_at=now() + HOUR)
    assert Phone(app, make_door(event)).list()["people"] == []
