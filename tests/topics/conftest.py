"""A series of lunches, and browsers signed in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from eventsys.clock import from_local
from eventsys.events.models import Event, EventState, Series
from eventsys.staff.models import Account, Role
from tests.factories import make_event, make_series
from tests.staff_fixtures import (  # noqa: F401
    Visitor,
    administrator,
    editor,
    new_account,
    visitor_as,
)


@pytest.fixture
def lunches(app: Flask) -> Series:
    return make_series(name="Fredagslunch", place="Åhaga", summary="Lunch med samtal.", capacity=40)


@pytest.fixture
def lunch(lunches: Series) -> Event:
    return make_event(series=lunches, title="Lunch i mars")


@pytest.fixture
def next_lunch(lunches: Series, lunch: Event) -> Event:
    at = lunch.starts_at + timedelta(days=14)
    return make_event(series=lunches, title="Lunch i april", starts_at=at, state=EventState.DRAFT)


@pytest.fixture
def staff(app: Flask, administrator: Account) -> Visitor:  # noqa: F811
    """A browser signed in as administrator."""
    return visitor_as(app, administrator)


@pytest.fixture
def writer(app: Flask) -> Visitor:
    """A browser signed in as editor."""
    return visitor_as(app, new_account(Role.EDITOR, name="Elin Skriver"))


@pytest.fixture
def host_of_today(app: Flask) -> Visitor:
    return visitor_as(app, new_account(Role.HOST))


def on_the_wall(*numbers: int) -> datetime:
    """Year, month, day and clock as people in Borås say them."""
    return from_local(datetime(*numbers))  # type: ignore[arg-type]  # noqa: DTZ001
