"""A backup is one moment, also while people register all the time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from eventsys.backup.writing import snapshot, write_backup
from eventsys.database import commits, db
from eventsys.events.models import Attendee, AttendeeState, Event, Registration
from eventsys.events.seats import seats_of
from eventsys.mail.models import Delivery
from tests.backup.scenes import application, put_in
from tests.factories import make_event, make_registration
from tests.servers import wait_until

EACH = 3


@contextmanager
def registering(app: Flask, event_ids: list[int]) -> Iterator[None]:
    """Companies register three people each, in two threads, until the block is left."""
    ended = threading.Event()
    errors: list[BaseException] = []

    def register_on_and_on(event_id: int) -> None:
        with app.app_context():
            try:
                while not ended.is_set():
                    make_registration(db.session.get_one(Event, event_id), EACH)
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=register_on_and_on, args=(one,)) for one in event_ids]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join(30)
        assert not errors


def backed_up_while_others_write(path: Path) -> int:
    """A backup between whose rows others commit again and again; how often they did."""
    began = commits()
    left = [40]

    def let_others_write(_rows: int) -> None:
        if left[0]:
            left[0] -= 1
            before = commits()
            wait_until(lambda: commits() > before, 20, every=0.002, about="somebody who registers")

    with snapshot() as taken:
        write_backup(taken, path, let_others_write)
    return commits() - began


def test_no_booking_is_half_in_a_backup_and_the_seats_add_up(app: Flask, tmp_path: Path) -> None:
    events = [make_event(capacity=100_000, title=title).id for title in ("Lunch", "Frukost")]
    for event_id in events:
        for _ in range(8):
            make_registration(db.session.get_one(Event, event_id), EACH)
    db.session.remove()
    with registering(app, events):
        for number in range(2):
            assert backed_up_while_others_write(tmp_path / f"{number}.backup") >= 40
    for number in range(2):
        with application("sqlite", tmp_path / str(number)):
            put_in(tmp_path / f"{number}.backup")
            check_that_it_is_consistent()


def check_that_it_is_consistent() -> None:
    bookings = db.session.scalar(select(func.count()).select_from(Registration)) or 0
    people = select(func.count()).select_from(Attendee).where(Attendee.state == AttendeeState.CONFIRMED)
    everybody = select(func.count(Attendee.id)).select_from(Registration).outerjoin(Attendee)
    per_booking = everybody.group_by(Registration.id)
    assert bookings >= 16
    assert set(db.session.scalars(per_booking)) == {EACH}
    events = list(db.session.scalars(select(Event)))
    assert sum(seats_of(events)[one.id].confirmed for one in events) == db.session.scalar(people) == EACH * bookings
    tickets = select(func.count(func.distinct(Delivery.subject_id))).where(Delivery.letter == "events/ticket")
    assert db.session.scalar(tickets) == EACH * bookings
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
