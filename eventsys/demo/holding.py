"""The day of an event in the demonstration: doors, arrivals, who did not come, what is handed out afterwards."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from eventsys.events.attendance.closing import close_attendance
from eventsys.events.checkin.acts import Act
from eventsys.events.checkin.admitting import admit
from eventsys.events.checkin.keeping import add_door
from eventsys.events.checkin.models import ScanAct
from eventsys.events.checkin.pins import Keeper
from eventsys.events.materials import keeping
from eventsys.events.models import Attendee

SHARE_WHO_COME = 0.9
DOORS = ("Huvudentrén", "Gårdsentrén")
MANY = 60  # more guests than this need two doors


def let_in(event_id: int, people: Sequence[Attendee], starts_at: datetime, luck: random.Random) -> None:
    """Most come, a little before the start, and are scanned at the doors."""
    names = DOORS if len(people) > MANY else DOORS[:1]
    doors = [add_door(event_id, name, None, starts_at - timedelta(days=1)).id for name in names]
    comers = [person.id for person in people if luck.random() < SHARE_WHO_COME]
    arrivals = sorted((starts_at + timedelta(minutes=luck.gauss(-8, 7)), person) for person in comers)
    for arrival, person in arrivals:
        act = Act(nonce=f"{luck.getrandbits(96):024x}", act=ScanAct.ENTER, attendee_id=person)
        admit(luck.choice(doors), act, Keeper.HOST, arrival)


def close(event_id: int, at: datetime) -> None:
    close_attendance(event_id, at)


def hand_out(event_id: int, links: Sequence[tuple[str, str]], at: datetime) -> None:
    """Publish links to those who came, and show the first of them to everybody."""
    materials = [keeping.add_link(event_id, title, url, at) for title, url in links]
    keeping.publish(event_id, at)
    keeping.show_to_everybody(event_id, materials[0].id, True)
