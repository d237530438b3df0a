"""Two doors at the same moment, and what keeps it right: the event's lock, and behind it the database's index."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from eventsys import create_app, database
from eventsys.clock import now
from eventsys.database import db
from eventsys.events.checkin import admitting
from eventsys.events.checkin.models import Door, ScanAct, ScanResult
from eventsys.events.models import Attendee, Event
from eventsys.migrating import upgrade_database
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import act, entries, event_now, make_door, said, scans
from tests.conftest import settings_for_tests
from tests.events.scenes import edit_event
from tests.events.test_races import IMPATIENT, at_once, kinds
from tests.factories import make_registration

WELCOME, ALREADY = ScanResult.WELCOME, ScanResult.ALREADY


def shown_at(door: Door, code: str) -> Any:
    return functools.partial(_shown, door.id, code)


def _shown(door_id: int, code: str) -> ScanResult:
    return said(db.session.get_one(Door, door_id), code)


def test_one_ticket_at_two_doors_at_once_is_welcome_at_one(entrance: Entrance, app: Flask) -> None:
    for person in (entrance.asa, entrance.bo):
        code = person.ticket_code
        found = at_once(app, *[shown_at(door, code) for door in (entrance.door, entrance.other)] * 2)
        assert Counter(found) == {WELCOME: 1, ALREADY: 3}
    assert len(entries(entrance.event)) == 2


def test_one_upload_sent_twice_at_once_is_one_row(entrance: Entrance, app: Flask) -> None:
    for what in (act(entrance.asa.ticket_code), act(kind=ScanAct.WALK_IN, name="Nya Gästen")):
        door_id = entrance.door.id
        send = functools.partial(_sent, door_id, what)
        assert at_once(app, *[send] * 4) == [WELCOME] * 4
    assert len(scans(entrance.event)) == 2


def _sent(door_id: int, what: Any) -> ScanResult:
    return said(db.session.get_one(Door, door_id), what)


def test_the_last_seat_goes_to_one_of_two_who_come_without_registration(app: Flask) -> None:
    event = event_now(capacity=1)
    doors = [make_door(event), make_door(event)]
    walks = [functools.partial(_sent, door.id, act(kind=ScanAct.WALK_IN, name="En Gäst")) for door in doors * 2]
    assert Counter(at_once(app, *walks)) == {WELCOME: 1, ScanResult.REFUSED: 3}


# --- the same with the lock off -----------------------------------------------------------------------------------


@pytest.fixture
def looked_before_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has looked whether the person is in waits until the other has looked too, or cannot come."""
    both, real = threading.Barrier(2), admitting._is_in

    def look_and_wait(*args: Any) -> bool:
        found = real(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(IMPATIENT)
        return found

    monkeypatch.setattr(admitting, "_is_in", look_and_wait)


@pytest.fixture
def unlocked(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application whose lock is off: on PostgreSQL no FOR UPDATE, on SQLite transactions in sqlite3's own way."""
    if db.engine.dialect.name == "postgresql":
        monkeypatch.setattr(admitting, "locked_event", _not_locked)
        yield app
        return
    monkeypatch.setattr(database, "set_sqlite_manners", lambda engine: None)
    monkeypatch.setattr(database, "_turn", nullcontext)
    by_default = create_app(settings_for_tests(f"sqlite:///{tmp_path / 'default.sqlite3'}", tmp_path))
    with by_default.app_context():
        upgrade_database()
        yield by_default
        db.session.remove()
        db.engine.dispose()


def _not_locked(event_id: int) -> Event:
    return db.session.execute(select(Event).where(Event.id == event_id)).scalar_one()


def two_doors_one_ticket(app: Flask) -> tuple[Counter[Any], int]:
    event = event_now()
    asa = make_registration(event, ["Åsa Ek"]).attendees[0]
    doors, code = [make_door(event), make_door(event)], asa.ticket_code
    found = at_once(app, *(shown_at(door, code) for door in doors))
    return kinds(found), len(entries(event))


@pytest.mark.usefixtures("looked_before_let_in")
def test_with_the_lock_one_is_welcome_however_the_threads_fall(app: Flask) -> None:
    assert two_doors_one_ticket(app) == ({WELCOME: 1, ALREADY: 1}, 1)


@pytest.mark.usefixtures("looked_before_let_in")
def test_without_the_lock_the_index_still_keeps_the_second_out(unlocked: Flask) -> None:
    assert two_doors_one_ticket(unlocked) == ({WELCOME: 1, IntegrityError: 1}, 1)


@pytest.mark.usefixtures("looked_before_let_in")
def test_without_lock_and_index_both_are_welcome(unlocked: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_scan_entry_event"))
    try:
        assert two_doors_one_ticket(unlocked) == ({WELCOME: 2}, 2)
    finally:
        db.session.remove()
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM scan"))
            connection.execute(
                text("CREATE UNIQUE INDEX uq_scan_entry_event ON scan (attendee_id) "
                     "WHERE is_entry AND session_id IS NULL")
            )  # fmt: skip


def test_nobody_deadlocks_when_staff_change_the_event_meanwhile(entrance: Entrance, app: Flask) -> None:
    code, event_id = entrance.asa.ticket_code, entrance.event.id
    edits = [functools.partial(_raise_capacity, event_id, seats) for seats in (60, 70)]
    found = at_once(app, *edits, *[shown_at(door, code) for door in (entrance.door, entrance.other)])
    assert Counter(found[2:]) == {WELCOME: 1, ALREADY: 1}
    assert db.session.execute(select(Attendee.id)).scalars().all()


def _raise_capacity(event_id: int, seats: int) -> None:
    edit_event(event_id, {"capacity": seats}, now())
