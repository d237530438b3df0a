"""A closed event, with time standing still on a Monday morning and colleagues signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from eventsys.events.models import Event
from eventsys.staff.models import Role
from tests.events.scenes import MONDAY
from tests.invitations.scenes import closed_event
from tests.staff_fixtures import Visitor, new_account, visitor, visitor_as


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event(app: Flask) -> Event:
    return closed_event()


@pytest.fixture
def staff(app: Flask) -> Visitor:
    return visitor_as(app, new_account(Role.ORGANISER, email="lena@boras.example"))


@pytest.fixture
def guest(app: Flask) -> Visitor:
    """A browser of somebody who holds a letter."""
    return visitor(app)
