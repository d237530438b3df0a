"""After an event who had a seat and did not come is a no-show, by the clock or by staff; all of it can be mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import true

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.events import actors
from eventsys.events.attendance import closing, marking
from eventsys.events.models import Attendee, Event, EventState
from eventsys.events.states import move
from tests.attendance.conftest import (
    ATTENDED,
    CONFIRMED,
    EXPIRED,
    HOUR,
    NO_SHOW,
    WAITING,
    check_in,
    make_past,
    people,
    states,
    trail,
)
from tests.factories import make_event, make_registration


def closed_at(event: Event):  # type: ignore[no-untyped-def]
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Event, event.id).attendance_closed_at


def test_the_clock_closes_two_hours_after_the_end_when_somebody_was_checked_in(app: Flask) -> None:
    event = make_past(["Anna Ek", "Bo Alm", "Cia Dahl"], ended=timedelta(hours=2, minutes=1))
    check_in(people(event)[0])
    assert closing.events_to_settle(now()) == [event.id]
    actors.settle_attendance(event.id)
    assert [(one.name, one.state) for one in people(event)] == [
        ("Bo Alm", ATTENDED),
        ("Cia Dahl", NO_SHOW),
        ("Anna Ek", NO_SHOW),
    ]
    assert closed_at(event) is not None
    assert closing.events_to_settle(now()) == []
    assert trail("attendance.closed")[0].detail == {"no_shows": 2}


def test_it_is_not_closed_before_two_hours_have_passed(app: Flask) -> None:
    event = make_past(2, ended=timedelta(hours=1, minutes=59))
    check_in(people(event)[0])
    assert closing.events_to_settle(now()) == []
    actors.settle_attendance(event.id)  # rung by an old message: nothing happens
    assert closed_at(event) is None


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_an_event_that_was_not_held_is_never_closed(app: Flask, state: EventState) -> None:
    event = make_past(1)
    check_in(people(event)[0])
    with transaction():
        db.session.get(Event, event.id).state = state
    assert closing.events_to_settle(now()) == []
    actors.settle_attendance(event.id)
    assert closed_at(event) is None


def test_where_nobody_was_checked_in_the_clock_leaves_it_to_staff(app: Flask) -> None:
    event = make_past(2)
    actors.settle_attendance(event.id)
    assert states(event) == [CONFIRMED, CONFIRMED]
    assert closed_at(event) is None
    assert [one.id for one in closing.events_nobody_marked(true(), now())] == [event.id]


def test_somebody_staff_marked_afterwards_is_no_sign_that_a_door_was_used(app: Flask) -> None:
    event = make_past(2)
    with transaction():
        marking.mark(event.id, [people(event)[0].id], True, now())
    assert closing.events_to_settle(now()) == []
    assert closing.asks_who_came(db.session.get(Event, event.id), now())


def test_those_who_still_wait_after_the_end_have_an_ended_queue(app: Flask) -> None:
    event = make_past(["Anna Ek", "Bo Alm", "Cia Dahl"], capacity=2)
    assert WAITING in states(event)
    assert closing.events_to_settle(now()) == [event.id]
    actors.settle_attendance(event.id)
    assert sorted(states(event)) == [CONFIRMED, CONFIRMED, EXPIRED]
    assert closing.events_to_settle(now()) == []


def test_an_event_without_anybody_is_not_asked_about(app: Flask) -> None:
    make_past(0)
    assert closing.events_nobody_marked(true(), now()) == []


def test_closing_before_the_end_is_refused(app: Flask) -> None:
    event = make_event()
    with pytest.raises(closing.NotOver), transaction():
        closing.close_attendance(event.id, now())


def test_closing_twice_keeps_the_first_time_and_is_noted_once(app: Flask) -> None:
    event = make_past(2)
    with transaction():
        assert closing.close_attendance(event.id, now()) == 2
    first = closed_at(event)
    with transaction():
        assert closing.close_attendance(event.id, now() + HOUR) == 0
    assert closed_at(event) == first
    assert len(trail("attendance.closed")) == 1


def test_a_late_upload_from_a_door_makes_a_no_show_somebody_who_came(app: Flask) -> None:
    event = make_past(1)
    with transaction():
        closing.close_attendance(event.id, now())
        move(db.session.get(Attendee, people_in_transaction(event)), ATTENDED, now())
    assert states(event) == [ATTENDED]


def people_in_transaction(event: Event) -> int:
    return db.session.query(Attendee.id).filter_by(event_id=event.id).scalar()


# --- marking ------------------------------------------------------------------------------------------------------


def mark(event: Event, ids: list[int], came: bool) -> marking.Marked:
    with transaction():
        return marking.mark(event.id, ids, came, now())


def undo(event: Event, marked: marking.Marked) -> int:
    assert marked.entry_id is not None
    with transaction():
        return marking.undo(event.id, marked.entry_id, now())


def test_staff_correct_who_came_at_any_time_afterwards(app: Flask) -> None:
    event = make_past(3, ended=timedelta(days=90))
    with transaction():
        closing.close_attendance(event.id, now())
    ids = [one.id for one in people(event)]
    assert mark(event, ids[:2], came=True).came == 2
    assert states(event) == [ATTENDED, ATTENDED, NO_SHOW]
    assert mark(event, ids, came=False).absent == 2
    assert states(event) == [NO_SHOW] * 3


def test_a_marking_is_undone_as_one(app: Flask) -> None:
    event = make_past(3)
    ids = [one.id for one in people(event)]
    mark(event, ids[:1], came=False)
    marked = mark(event, ids, came=True)
    assert undo(event, marked) == 3
    assert states(event) == [NO_SHOW, CONFIRMED, CONFIRMED]
    assert undo(event, marked) == 0


def test_undoing_leaves_those_alone_whom_somebody_has_changed_since(app: Flask) -> None:
    event = make_past(2)
    ids = [one.id for one in people(event)]
    marked = mark(event, ids, came=True)
    mark(event, ids[:1], came=False)
    assert undo(event, marked) == 1
    assert states(event) == [NO_SHOW, CONFIRMED]


def test_a_marking_of_another_event_cannot_be_undone_here(app: Flask) -> None:
    event, other = make_past(1), make_past(1)
    marked = mark(event, [people(event)[0].id], came=True)
    with pytest.raises(NotFound):
        undo(other, marked)


def test_people_of_another_event_cannot_be_marked(app: Flask) -> None:
    event, other = make_past(1), make_past(1)
    with pytest.raises(NotFound):
        mark(event, [people(other)[0].id], came=True)
    assert states(other) == [CONFIRMED]


def test_nobody_is_marked_before_the_event_has_begun(app: Flask) -> None:
    event = make_event()
    one = make_registration(event, 1).attendees[0]
    with pytest.raises(marking.TooEarly):
        mark(event, [one.id], came=True)


def test_those_without_a_seat_are_left_as_they_are(app: Flask) -> None:
    event = make_past(2, capacity=1)
    marked = mark(event, [one.id for one in people(event)], came=True)
    assert marked.people == 1
    assert sorted(states(event)) == [ATTENDED, WAITING]


def test_the_trail_holds_numbers_and_no_names(app: Flask) -> None:
    event = make_past(["Anna Ek", "Bo Alm"])
    ids = sorted(one.id for one in people(event))
    mark(event, ids, came=True)
    detail = trail("attendance.marked")[0].detail
    span = f"{ids[0]}-{ids[1]}"
    assert detail == {"came": 2, "absent": 0, "from_confirmed": span, "to_attended": span}


# --- an event where no door was used ------------------------------------------------------------------------------


def test_staff_say_who_came_and_the_others_did_not(app: Flask) -> None:
    event = make_past(["Anna Ek", "Bo Alm", "Cia Dahl", "Di Envall"], capacity=3)
    anna = next(one for one in people(event) if one.name == "Anna Ek")
    with transaction():
        marked = closing.tell_who_came(event.id, [anna.id], now())
    assert {one.name: one.state for one in people(event)} == {
        "Anna Ek": ATTENDED, "Bo Alm": NO_SHOW, "Cia Dahl": NO_SHOW, "Di Envall": EXPIRED,
    }  # fmt: skip
    assert closed_at(event) is not None
    assert not closing.asks_who_came(db.session.get(Event, event.id), now())
    assert undo(event, marked) == 3
    assert closed_at(event) is None
    assert states(event).count(CONFIRMED) == 3
