"""A hundred people change workshops at random at the same time. And once with the lock off, to know it is the lock."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys import create_app, database
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import Busy
from eventsys.events.models import Attendee, Event
from eventsys.events.programme import choosing
from eventsys.events.programme.choosing import SessionFull
from eventsys.events.programme.models import SessionChoice
from eventsys.migrating import upgrade_database
from tests.conftest import settings_for_tests
from tests.events.test_races import at_once
from tests.factories import make_people, make_registration
from tests.programme.scenes import HELD, WAITS, choose, comes, held, make_workshops, workshop_day

CLIENTS, SEATS_OF_SESSIONS = 100, (30, 30, 25, 10)
EACH = 2  # turns at least after the first, however slow the machine


@pytest.mark.parametrize("seconds", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_a_hundred_people_change_workshops_at_once_and_the_rows_stay_sound(app, seconds):
    event, morning = workshop_day(*SEATS_OF_SESSIONS, capacity=CLIENTS, party_size=CLIENTS)
    slots = [morning, make_workshops(event, *SEATS_OF_SESSIONS, begins=1)]
    people = [one.id for one in make_registration(event, make_people(CLIENTS)).attendees]
    wanted = [{slot[0].slot_id: [session.id for session in slot]} for slot in slots]
    begun = [holds_sound(event, people)]
    done = swapping(app, people, wanted, seconds)
    assert done["changed"] >= CLIENTS, done
    assert not done["broken"], done
    assert holds_sound(event, people) >= begun[0]


def swapping(app: Flask, people: list[int], wanted: list[dict[int, list[int]]], seconds: float) -> Counter[str]:
    """Each person again and again wants another session of one of the slots, in a thread of their own."""
    ends, done = time.monotonic() + seconds, Counter[str]()

    def client(attendee_id: int) -> None:
        dice = random.Random(attendee_id)
        with app.app_context():
            for turn in range(1000):
                [(slot_id, sessions)] = dice.choice(wanted).items()
                done[change(dice, attendee_id, slot_id, sessions)] += 1
                if turn >= EACH and time.monotonic() > ends:
                    break
            db.session.remove()

    with ThreadPoolExecutor(CLIENTS) as pool:
        for result in [pool.submit(client, one) for one in people]:
            result.result()
    return done


def change(dice: random.Random, attendee_id: int, slot_id: int, sessions: list[int]) -> str:
    session_id = dice.choice(sessions)
    try:
        person = db.session.get_one(Attendee, attendee_id)
        return "changed" if choose(person, {slot_id: session_id}, now(), dice.choice(([], sessions))) else "same"
    except SessionFull:
        return "full"
    except Busy:
        return "busy"


def holds_sound(event: Event, people: list[int]) -> int:
    """How many places are held; fails when a session is overfull, somebody is in two, or a place waits for nobody."""
    db.session.rollback()
    choices = list(db.session.execute(select(SessionChoice).where(SessionChoice.attendee_id.in_(people))).scalars())
    places = Counter((one.attendee_id, one.slot_id) for one in choices if one.state is HELD)
    assert set(places.values()) <= {1}
    filled = Counter(one.session_id for one in choices if one.state is HELD)
    waited = Counter(one.session_id for one in choices if one.state is WAITS)
    for session_id, capacity in capacities_of(event).items():
        assert filled[session_id] <= capacity
        assert not waited[session_id] or filled[session_id] == capacity
    return sum(places.values())


def capacities_of(event: Event) -> dict[int, int]:
    rows = db.session.execute(select(choosing.Session).where(choosing.Session.event_id == event.id)).scalars()
    return {session.id: session.capacity for session in rows}


# --- the same with the lock off -----------------------------------------------------------------------------------

IMPATIENT, PATIENT = 0.4, 10
"""Seconds: how long one who is alone at the barrier waits for another who cannot come, or who surely will."""


@pytest.fixture
def counted_before_taken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has counted the places waits until the other has too, or cannot come because of the lock."""
    both, real = threading.Barrier(2), choosing.places_in
    patience = PATIENT if "unlocked" in request.fixturenames else IMPATIENT

    def count_and_wait(event: Event) -> object:
        found = real(event)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(patience)
        return found

    monkeypatch.setattr(choosing, "places_in", count_and_wait)


@pytest.fixture
def unlocked(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application whose lock is off: on PostgreSQL no FOR UPDATE, on SQLite transactions in sqlite3's own way."""
    if db.engine.dialect.name == "postgresql":
        monkeypatch.setattr(choosing, "locked_event", lambda event_id: db.session.get_one(Event, event_id))
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


def two_for_the_last_place(app: Flask) -> int:
    """How many hold a place in a session that has one."""
    event, [a, _b] = workshop_day(1, 1)
    both, wanted = [comes(event, name).id for name in ("Åsa", "Bo")], {a.slot_id: a.id}
    at_once(app, *(lambda one=one: choose(db.session.get_one(Attendee, one), wanted, now()) for one in both))
    return held(event)["A"]


@pytest.mark.usefixtures("counted_before_taken")
def test_with_the_lock_the_last_place_is_taken_once_however_the_threads_fall(app):
    assert two_for_the_last_place(app) == 1


@pytest.mark.usefixtures("counted_before_taken")
def test_without_the_lock_the_last_place_is_taken_twice(unlocked):
    assert two_for_the_last_place(unlocked) == 2
