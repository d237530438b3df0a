"""An event that has been, with somebody who came and somebody who did not."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.events.states import move
from eventsys.staff.models import Role
from tests.factories import make_event, make_registration, make_series
from tests.staff_fixtures import Visitor, new_account, visitor, visitor_as

CAME, STAYED_AWAY = ("Åsa Ek", "Bo Alm"), ("Eva Ström",)


@pytest.fixture
def event(app: Flask) -> Event:
    made = make_event(title="Update Borås", series=make_series(name="Update Borås", public=False))
    for name in (*CAME, *STAYED_AWAY):
        make_registration(made, [name])
    with transaction():
        query = select(Attendee).where(Attendee.name.in_(CAME))
        for attendee in db.session.execute(query).scalars():
            move(attendee, AttendeeState.ATTENDED, now())
    return made


@pytest.fixture
def staff(app: Flask) -> Visitor:
    return visitor_as(app, new_account(Role.ORGANISER))


@pytest.fixture
def guest(app: Flask) -> Visitor:
    return visitor(app)
