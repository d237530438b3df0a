"""A copy of the door's cookie is worth nothing when the door's time is out, whatever the copy's browser says."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from eventsys.clock import now
from eventsys.events.checkin.entering import COOKIE
from eventsys.events.checkin.opening import MARGIN
from eventsys.events.checkin.pages.doors import HEADER
from tests.checkin.scenes import Phone, event_now, make_door, new_nonce
from tests.staff_fixtures import visitor


def test_a_copied_cookie_lets_nobody_in_after_the_doors_time(app):
    event = event_now()
    door = make_door(event)
    value = Phone(app, door).client.get_cookie(COOKIE, path=f"/dorr/{door.token}").value
    copy = visitor(app)
    copy.set_cookie(COOKIE, value, path=f"/dorr/{door.token}")
    kept = {"nonce": new_nonce(), "act": "walk_in", "name": "Ingen Alls", "offline": True, "at": now().isoformat()}

    def send():
        return copy.post(f"/dorr/{door.token}/inslapp", json={"scans": [kept]}, headers={HEADER: "1"}).status_code

    with time_machine.travel(event.ends_at + MARGIN + timedelta(minutes=1), tick=False):
        assert send() == 401
    assert send() == 200
