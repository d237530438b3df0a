"""Somebody in the queue is let in at the door all the same: the sessions wished for follow."""

from __future__ import annotations

from eventsys.events.checkin.models import ScanResult
from eventsys.events.models import AttendeeState
from tests.checkin.scenes import SUPERVISOR, event_now, make_door, said
from tests.programme.scenes import comes, has, make_workshops


def test_whoever_is_let_in_from_the_queue_gets_the_sessions_that_have_room(app):
    event = event_now(capacity=1)
    [first, *_] = make_workshops(event, 5, 5, begins=1)
    comes(event, "Bo Alm")
    asa = comes(event, "Åsa Ek", first, queue=True)
    assert (asa.state, has(asa)) == (AttendeeState.WAITING, ["A?"])
    assert said(make_door(event), asa, SUPERVISOR, anyway=True) is ScanResult.WELCOME
    assert has(asa) == ["A"]
