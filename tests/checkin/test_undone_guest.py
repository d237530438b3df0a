"""Taking back somebody who was let in without being registered."""

from __future__ import annotations

from eventsys.database import db
from eventsys.events.checkin.counting import event_count
from eventsys.events.checkin.models import ScanResult
from eventsys.events.models import Attendee, AttendeeState
from eventsys.events.seats import seats
from tests.checkin.scenes import event_now, make_door, make_sessions, said, undo, walk_in


def test_a_guest_let_in_by_mistake_takes_no_seat_and_is_not_expected_once_taken_back(app):
    event = event_now(capacity=1)
    door = make_door(event)
    guest = walk_in(door).attendee
    assert undo(door, guest) is ScanResult.UNDONE
    db.session.expire_all()
    assert (seats(event).left, event_count(event).expected) == (1, 0)
    assert db.session.get_one(Attendee, guest.id).state is AttendeeState.CANCELLED
    assert walk_in(door).result is ScanResult.WELCOME


def test_a_guest_who_is_in_at_another_room_too_is_still_there_when_one_is_taken_back(app):
    event = event_now()
    [room] = make_sessions(event, "Energi", choice=False)
    door, at_room = make_door(event), make_door(event, "Rummet", room)
    guest = walk_in(door).attendee
    assert said(at_room, guest) is ScanResult.WELCOME
    assert undo(at_room, guest) is ScanResult.UNDONE
    db.session.expire_all()
    assert db.session.get_one(Attendee, guest.id).state is AttendeeState.ATTENDED
