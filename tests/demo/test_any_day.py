"""The demonstration can be filled in on any day of any year."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.clock import local
from eventsys.database import db, transaction
from eventsys.demo import fill_if_empty
from eventsys.demo.days import Days, is_suitable
from eventsys.demo.diary import Diary
from eventsys.demo.plan import PLAN
from eventsys.demo.story import Happening, Story
from eventsys.demo.texts import SERIES
from eventsys.events.models import Event, EventPhase, Series
from eventsys.staff.models import Account, Role
from tests.factories import make_series

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def happenings(at: datetime) -> list[Happening]:
    somebody = Account(name="Mira", email="mira@naringsliv.example", role=Role.ORGANISER)
    story = Story(Diary(at), at, random.Random(1), dict.fromkeys(SERIES, somebody))
    days = Days(local(at).date())
    return [Happening(story, planned, days) for planned in PLAN]


@given(MOMENTS)
@settings(max_examples=60, deadline=None)
def test_every_event_is_on_a_suitable_day_and_is_published_before(at: datetime):
    for one in happenings(at):
        assert is_suitable(local(one.starts_at).date())
        assert one.published_at < min(at, one.starts_at)
        assert (one.ends_at < at) is one.planned.has_been
        if one.planned.people:
            times = one._booking_times(40)
            assert one.published_at < times[0]
            assert times[-1] <= one.last_booking_at < min(at, one.starts_at)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "at",
    [
        datetime(2027, 6, 25, 1, 30, tzinfo=UTC),  # Midsummer's Eve, at night
        datetime(2026, 12, 31, 23, 15, tzinfo=UTC),  # already next year in Borås
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    ],
)
def test_it_fills_on_odd_days_with_every_phase(app, at: datetime):
    with time_machine.travel(at, tick=False):
        assert fill_if_empty()
        assert {event.phase(at) for event in db.session.query(Event)} == set(EventPhase)


def test_it_refuses_a_database_that_holds_anything(app):
    with transaction():
        make_series(name="Vår egen serie")
    assert not fill_if_empty()
    assert [series.name for series in db.session.query(Series)] == ["Vår egen serie"]


def test_a_day_is_given_out_once():
    days = Days(date(2026, 7, 1))
    fridays = [days.take(distance, 4) for distance in (3, 10, 17, 24)]
    assert len(set(fridays)) == 4
    assert min(b - a for a, b in itertools.pairwise(fridays)) >= timedelta(days=7)
