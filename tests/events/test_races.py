"""Many at once: real threads, real databases. And what happens with the lock off, so that we know it is the lock."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys import create_app, database
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events import booking, registration
from eventsys.events.models import Attendee, Event, Source
from eventsys.events.registration import FullNow, IfFull
from eventsys.events.seats import locked_event
from eventsys.events.waitlist import OfferGone
from eventsys.migrating import upgrade_database
from tests.conftest import settings_for_tests
from tests.events.scenes import (
    CANCELLED,
    CONFIRMED,
    EXPIRED,
    OFFERED,
    WAITING,
    accept_offer,
    active_claims,
    bookings,
    cancel_people,
    counted,
    edit_event,
    expire_offers,
    letters,
    move_to_event,
    person,
    register,
    states,
)
from tests.factories import make_event, make_people, make_person, make_registration, make_wish

IMPATIENT = 0.4
"""Seconds: how long one who is alone at the barrier waits for another who cannot come."""


def at_once(app: Flask, *calls: Callable[[], Any], threads: int = 0) -> list[Any]:
    """Run the calls at the same moment, each in a thread and context of its own; results or exceptions, in order."""
    start = threading.Barrier(threads or len(calls))
    ready = threading.local()

    def run(call: Callable[[], Any]) -> Any:
        if not hasattr(ready, "now"):
            ready.now = start.wait(30)
        with app.app_context():
            try:
                return call()
            except Exception as error:
                return error

    with ThreadPoolExecutor(threads or len(calls)) as pool:
        return list(pool.map(run, calls))


def booking_of(event_id: int, wish: Any) -> Callable[[], Any]:
    return lambda: register(event_id, wish, now()).registration is not None


def kinds(results: list[Any]) -> Counter[Any]:
    return Counter(type(one) if isinstance(one, Exception) else one for one in results)


def test_many_companies_want_the_last_place_and_one_gets_it(app):
    event = make_event(capacity=3)
    make_registration(event, 2)
    wanted = [booking_of(event.id, make_wish(1)) for _ in range(12)]
    assert kinds(at_once(app, *wanted)) == {True: 1, FullNow: 11}
    assert counted(event) == {CONFIRMED: 3}


def test_three_hundred_bookings_on_two_hundred_seats_sell_two_hundred(app):
    event = make_event(capacity=200)
    wanted = [booking_of(event.id, make_wish(1)) for _ in range(300)]
    assert kinds(at_once(app, *wanted, threads=16)) == {True: 200, FullNow: 100}
    assert counted(event) == {CONFIRMED: 200}
    assert len(letters()) == 200


def test_parties_and_singles_at_once_never_sit_on_one_seat_too_many(app):
    event = make_event(capacity=7)
    sizes = [1, 2, 3, 1, 2, 3, 1, 2, 3]
    choices = [IfFull.TAKE_SOME, IfFull.QUEUE_ALL, IfFull.TAKE_SOME] * 3
    wishes = [make_wish(size, if_full=if_full) for size, if_full in zip(sizes, choices, strict=True)]
    at_once(app, *(booking_of(event.id, wish) for wish in wishes))
    now_there = counted(event)
    assert now_there[CONFIRMED] + now_there[OFFERED] <= 7
    assert now_there.total() == sum(sizes)


def test_two_bookings_of_one_address_at_the_same_moment_make_one_and_a_letter(app):
    event = make_event()
    wanted = [booking_of(event.id, make_wish([make_person("Åsa Ek", "asa@ek.example")])) for _ in range(6)]
    assert kinds(at_once(app, *wanted)) == {True: 1, False: 5}
    assert counted(event) == {CONFIRMED: 1}
    assert sorted(letters("Åsa Ek")) == ["already_registered", "ticket"]


def test_one_form_sent_many_times_at_the_same_moment_makes_one_booking(app):
    event = make_event()
    wish = make_wish(3, idempotency_key="k" * 24)
    found = at_once(app, *[lambda: register(event.id, wish, now()).registration.id] * 6)
    assert len(set(found)) == 1
    assert bookings(event) == 1
    assert len(letters()) == 3


def test_companies_with_the_same_new_number_may_register_for_two_events_at_once(app):
    events = [make_event(), make_event()]
    wanted = [booking_of(event.id, make_wish(1, company_number="5560360793")) for event in events for _ in range(3)]
    assert kinds(at_once(app, *wanted)) == {True: 6}


def _one_with_an_offer(**given: Any) -> tuple[Event, Attendee]:
    event = make_event(capacity=1, **given)
    for name in ("Åsa", "Bo", "Eva"):
        make_registration(event, [name])
    cancel_people([person("Åsa")], now())
    return event, person("Bo")


def test_accepting_and_expiring_at_the_same_moment_gives_the_seat_to_one(app):
    for _ in range(4):
        event, bo = _one_with_an_offer()
        bo_id, ends_at = bo.id, bo.offer_ends_at
        accept = functools.partial(_answer, accept_offer, bo_id, ends_at - timedelta(microseconds=1))
        accepted, ended = at_once(app, accept, functools.partial(expire_offers, event.id, ends_at))
        if isinstance(accepted, OfferGone):
            assert (ended, states(event)) == (1, {"Åsa": CANCELLED, "Bo": EXPIRED, "Eva": OFFERED})
        else:
            assert (ended, states(event)) == (0, {"Åsa": CANCELLED, "Bo": CONFIRMED, "Eva": WAITING})


def _answer(answer: Callable[..., Any], attendee_id: int, at: Any) -> None:
    answer(db.session.get_one(Attendee, attendee_id), at)


def test_a_booking_cancelled_many_times_at_once_is_cancelled_once_and_frees_one_seat(app):
    event = make_event(capacity=1)
    for name in ("Åsa", "Bo", "Eva"):
        make_registration(event, [name])
    asa = person("Åsa").id
    left = at_once(app, *[lambda: cancel_people([db.session.get_one(Attendee, asa)], now())] * 5)
    assert sorted(left) == [0, 0, 0, 0, 1]
    assert letters("Åsa") == ["ticket", "seat_cancelled"]
    assert counted(event) == {CANCELLED: 1, OFFERED: 1, WAITING: 1}


def test_a_person_read_before_the_lock_was_had_is_judged_by_what_the_lock_shows(app):
    """Booked by a colleague's link, cancelled meanwhile: the second press finds nobody left to cancel."""
    event = make_event()
    party = make_registration(event, [make_person(name, "info@vav.example") for name in ("A", "B", "C")])
    ids = [attendee.id for attendee in party.attendees]

    def leave(attendee_id: int) -> int:
        with transaction():
            rows = [db.session.get_one(Attendee, one) for one in ids]  # a door reads the whole booking first
            assert all(row.registration.attendees for row in rows)
            return booking.cancel_people([rows[ids.index(attendee_id)]], now())

    assert at_once(app, *[functools.partial(leave, one) for one in ids[:2]]) == [1, 1]
    assert active_claims(event) == ["info@vav.example"]


def test_moves_between_two_events_in_both_directions_never_wait_for_each_other(app):
    one, other = make_event(), make_event()
    for _ in range(5):
        here = make_registration(one, make_people(1)).attendees[0].id
        there = make_registration(other, make_people(1)).attendees[0].id
        moves = [functools.partial(_move, here, other.id), functools.partial(_move, there, one.id)]
        assert at_once(app, *moves) == [True, True]
    assert (counted(one)[CONFIRMED], counted(other)[CONFIRMED]) == (5, 5)


def _move(attendee_id: int, event_id: int) -> bool:
    return bool(move_to_event(db.session.get_one(Attendee, attendee_id), event_id, now()).id)


def test_seats_raised_while_people_register_are_offered_to_the_queue_first(app):
    event = make_event(capacity=1)
    make_registration(event, 1)
    make_registration(event, ["Bo"])
    raise_it = functools.partial(edit_event, event.id, {"capacity": 2}, now())
    results = at_once(app, raise_it, *(booking_of(event.id, make_wish(1)) for _ in range(4)))
    assert kinds(results[1:]) == {FullNow: 4}
    assert states(event)["Bo"] is OFFERED


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_two_who_add_something_to_an_event_and_then_lock_it_do_not_deadlock(app):
    """A row that refers to the event holds a light lock on it; a heavy lock by both afterwards would be a deadlock."""
    event_id = make_event().id
    both_have_added = threading.Barrier(2)

    def add_then_lock(code: str) -> int:
        with transaction():
            db.session.add(Source(code=code, event_id=event_id, name=code, created_at=now()))
            db.session.flush()
            both_have_added.wait(10)
            return locked_event(event_id).id

    results = at_once(app, *(functools.partial(add_then_lock, code) for code in ("a", "b")))
    assert results == [event_id, event_id]


# --- the same with the lock off -----------------------------------------------------------------------------------


@pytest.fixture
def counted_before_sold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has counted the seats waits until the other has counted them too, or cannot come because of the lock."""
    both = threading.Barrier(2)
    real = registration._places_for

    def count_and_wait(*args: Any) -> Any:
        found = real(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(IMPATIENT)
        return found

    monkeypatch.setattr(registration, "_places_for", count_and_wait)


@pytest.fixture
def unlocked(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application whose lock is off: on PostgreSQL no FOR UPDATE, on SQLite transactions in sqlite3's own way."""
    if db.engine.dialect.name == "postgresql":
        monkeypatch.setattr(registration, "locked_event", _not_locked)
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


def two_for_the_last_seat(app: Flask) -> tuple[Counter[Any], int]:
    event = make_event(capacity=1)
    results = at_once(app, *(booking_of(event.id, make_wish(1)) for _ in range(2)))
    return kinds(results), counted(event)[CONFIRMED]


@pytest.mark.usefixtures("counted_before_sold")
def test_with_the_lock_the_last_seat_is_sold_once_however_the_threads_fall(app):
    assert two_for_the_last_seat(app) == ({True: 1, FullNow: 1}, 1)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("counted_before_sold")
def test_between_processes_sqlites_own_lock_alone_makes_the_second_wait_its_turn(app, monkeypatch):
    monkeypatch.setattr(database, "_turn", nullcontext)
    assert two_for_the_last_seat(app) == ({True: 1, FullNow: 1}, 1)


@pytest.mark.usefixtures("counted_before_sold")
def test_without_the_lock_the_last_seat_is_sold_twice(unlocked):
    assert two_for_the_last_seat(unlocked) == ({True: 2}, 2)


@pytest.mark.usefixtures("counted_before_sold")
def test_even_without_the_lock_the_index_keeps_an_address_from_being_registered_twice(unlocked):
    event = make_event()
    wish = make_wish([make_person("Åsa Ek", "asa@ek.example")])
    assert kinds(at_once(unlocked, *[booking_of(event.id, wish)] * 2)) == {True: 1, IntegrityError: 1}
    assert counted(event) == {CONFIRMED: 1}
