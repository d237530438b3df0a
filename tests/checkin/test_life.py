"""Any sequence of scans, undos and walk-ins at the house and at a room, against a model of a few lines."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.events.checkin.models import ScanResult
from eventsys.events.models import AttendeeState
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import (
    SUPERVISOR,
    act,
    choose,
    entries,
    event_now,
    make_door,
    make_sessions,
    said,
    undo,
    walk_in,
)
from tests.events.scenes import states
from tests.factories import make_registration

HOUSE, ROOM = "house", "room"
STEPS = st.tuples(
    st.sampled_from(["enter", "enter", "enter", "undo", "guest"]), st.sampled_from([HOUSE, ROOM]), st.integers(0, 2)
)
W, A, WRONG, UNDONE, REFUSED = (
    ScanResult.WELCOME, ScanResult.ALREADY, ScanResult.WRONG_SESSION, ScanResult.UNDONE, ScanResult.REFUSED,
)  # fmt: skip


class Model:
    """Who is counted where: person -> places. The third of three has not chosen the room."""

    def __init__(self) -> None:
        self.inside: dict[int, set[str]] = {0: set(), 1: set(), 2: set()}

    def enter(self, who: int, place: str) -> ScanResult:
        places = self.inside[who]
        if place in places or (place == HOUSE and places):
            return A
        if place == ROOM and who == 2:
            return WRONG
        places.add(place)
        return W

    def undo(self, who: int, place: str) -> ScanResult:
        if place not in self.inside[who]:
            return REFUSED
        self.inside[who].discard(place)
        return UNDONE


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
def test_the_door_and_the_model_say_the_same(app: Any, steps: list[tuple[str, str, int]]) -> None:
    event = event_now()
    people = make_registration(event, ["A", "B", "C"]).attendees
    [room] = make_sessions(event, "Väva")
    for one in people[:2]:
        choose(one, room)
    doors, model, guests = {HOUSE: make_door(event), ROOM: make_door(event, "Rum", room)}, Model(), 0
    for verb, place, who in steps:
        if verb == "enter":
            assert said(doors[place], people[who]) is model.enter(who, place)
        elif verb == "undo":
            assert undo(doors[place], people[who]) is model.undo(who, place)
        else:
            guests += 1
            assert walk_in(doors[HOUSE], f"G{guests}", SUPERVISOR).result is W
        counted = [(people[one].id, room.id if where == ROOM else None)
                   for one, places in model.inside.items() for where in places]  # fmt: skip
        ours = [entry for entry in entries(event) if entry[0] in {one.id for one in people}]
        assert sorted(ours, key=str) == sorted(counted, key=str)
        came = {name for name, state in states(event).items() if state is AttendeeState.ATTENDED}
        assert came == {"ABC"[one] for one, places in model.inside.items() if places} | {
            f"G{number}" for number in range(1, guests + 1)
        }


def test_an_answer_heard_twice_after_an_undo_is_still_the_first_answer(entrance: Entrance) -> None:
    once = act(entrance.asa.ticket_code)
    assert said(entrance.door, once) is W
    assert undo(entrance.door, entrance.asa) is UNDONE
    assert said(entrance.door, once) is W
    assert entries(entrance.event) == []
