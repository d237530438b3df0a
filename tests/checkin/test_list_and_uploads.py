"""The list that phones keep, and what they send: right, twice, or without any sense."""

from __future__ import annotations

import contextlib
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.clock import now
from eventsys.events.checkin.acts import BadUpload, read_acts
from eventsys.events.models import AttendeeState
from eventsys.tokens import human_code
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import (
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
from tests.factories import make_person, make_registration

DAY = timedelta(days=1)


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
