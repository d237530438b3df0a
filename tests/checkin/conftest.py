"""An event that begins soon, two doors to it, and people with tickets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from eventsys.events.checkin.models import Door
from eventsys.events.models import Attendee, Event, Registration
from tests.checkin.scenes import event_now, make_door
from tests.factories import make_registration
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    co_organiser,
    editor,
    host,
    organiser,
    served,
    signed_in_client,
)


@dataclass
class Entrance:
    event: Event
    door: Door
    other: Door
    registration: Registration

    @property
    def asa(self) -> Attendee:
        return self.registration.attendees[0]

    @property
    def bo(self) -> Attendee:
        return self.registration.attendees[1]


@pytest.fixture
def entrance(app: Flask) -> Entrance:
    """Åsa and Bo of Väveriet are coming; there are two doors."""
    event = event_now()
    registration = make_registration(event, ["Åsa Öberg", "Bo Alm"])
    return Entrance(event, make_door(event), make_door(event, "Bakdörren"), registration)


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """The address of the running product, for a real browser."""
    with served(app) as address:
        yield address
