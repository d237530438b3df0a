"""The door's addresses: PIN, cookie, hours, headers."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.checkin.keeping import close_door, renew_pins
from eventsys.events.checkin.pins import pins_of
from eventsys.events.models import Event
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import (
    HOUR,
    Phone,
    event_now,
    make_door,
    make_sessions,
)
from tests.factories import make_event
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
