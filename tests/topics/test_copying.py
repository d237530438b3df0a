"""Next year's event from this year's: the day that is proposed, and what goes along."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.drafting import day_for_copy
from eventsys.events.models import DayBefore, Event, EventState, Series, Source
from eventsys.events.sources import add_source
from eventsys.events.topics.models import TalkingPoint
from eventsys.events.topics.points import add_point, tick_point
from tests.factories import make_event, make_registration, make_series
from tests.staff_fixtures import Visitor, see_anew
from tests.topics.conftest import on_the_wall

TODAY = on_the_wall(2026, 11, 23, 10)


@pytest.fixture(autouse=True)
def _november() -> object:
    with time_machine.travel(TODAY, tick=True):
        yield


@pytest.fixture
def day_of_business(app: Flask) -> Event:
    series = make_series(name="Näringslivsdagen", co_organiser="Borås Näringsliv")
    return make_event(
        series=series, title="Näringslivsdagen 2026", starts_at=on_the_wall(2026, 10, 15, 8, 30), remind_week=True,
        day_before=DayBefore.REMIND, says_thanks=True, opens_at=on_the_wall(2026, 9, 1, 8),
        closes_at=on_the_wall(2026, 10, 14, 12), programme="08.30 Kaffe\n09.00 Start",
    )  # fmt: skip


def path(event: Event) -> str:
    return f"/personal/evenemang/{event.id}/kopia"


def copied(client: Visitor, event: Event, **given: str) -> Event:
    form = {"title": "Näringslivsdagen 2027", "day": "2027-10-14", "starts": "08.30", **given}
    assert client.post(path(event), data=form).status_code == 302
    see_anew()
    return db.session.scalars(select(Event).order_by(Event.id.desc())).first()


def today(event: Event) -> str:
    return day_for_copy(event, local(now()).date()).isoformat()


def test_the_same_weekday_next_year_is_proposed(staff: Visitor, day_of_business: Event) -> None:
    page = staff.get(path(day_of_business)).text
    assert 'value="2027-10-14"' in page  # a Thursday, as 15 October 2026
    assert 'value="08:30"' in page


def test_an_event_of_long_ago_is_not_proposed_for_a_day_that_has_been(lunches: Series) -> None:
    old = make_event(series=lunches, starts_at=on_the_wall(2022, 10, 13, 9))
    assert today(old) == "2027-10-07"


def test_a_series_that_meets_often_goes_on_at_its_pace(lunches: Series) -> None:
    for month, day in ((11, 6), (11, 20), (12, 4)):
        last = make_event(series=lunches, starts_at=on_the_wall(2026, month, day, 11, 30))
    assert today(last) == "2026-12-18"


def test_a_year_that_is_planned_already_is_passed_over(day_of_business: Event) -> None:
    make_event(series=day_of_business.series, starts_at=on_the_wall(2027, 10, 14, 9), state=EventState.DRAFT)
    assert today(day_of_business) == "2028-10-12"


def test_a_holiday_is_remarked_on_before_anything_is_saved(staff: Visitor, lunches: Series) -> None:
    eve = make_event(series=lunches, starts_at=on_the_wall(2026, 5, 7, 9))
    assert "6 maj 2027 är Kristi himmelsfärdsdag." in staff.get(path(eve)).text


def test_settings_reminders_and_the_registrations_days_go_along(staff: Visitor, day_of_business: Event) -> None:
    copy = copied(staff, day_of_business)
    assert copy.state is EventState.DRAFT
    assert copy.series_id == day_of_business.series_id  # and with it the co-organiser
    assert copy.series.co_organiser == "Borås Näringsliv"
    assert (copy.remind_week, copy.day_before, copy.says_thanks) == (True, DayBefore.REMIND, True)
    assert copy.programme == "08.30 Kaffe\n09.00 Start"
    assert copy.opens_at == on_the_wall(2027, 8, 31, 8)
    assert copy.closes_at == on_the_wall(2027, 10, 13, 12)


def test_registration_never_closes_after_the_copys_start(staff: Visitor, lunches: Series) -> None:
    event = make_event(
        series=lunches, starts_at=on_the_wall(2026, 12, 4, 12), closes_at=on_the_wall(2026, 12, 4, 11, 30)
    )
    copy = copied(staff, event, day="2026-12-11", starts="8.00")
    assert copy.closes_at == copy.starts_at == on_the_wall(2026, 12, 11, 8)


def test_posters_and_people_stay_with_the_original(staff: Visitor, day_of_business: Event) -> None:
    coming = make_event(series=day_of_business.series, starts_at=now() + timedelta(days=9))
    with transaction():
        add_source(coming.id, "Affisch", now())
    make_registration(coming, 2)
    copy = copied(staff, coming)
    assert db.session.scalar(select(func.count()).where(Source.event_id == copy.id)) == 0


def test_what_was_not_brought_up_goes_along_only_when_wanted(staff: Visitor, day_of_business: Event) -> None:
    with transaction():
        done = add_point(day_of_business.id, "Ett", "Alva", now())
        add_point(day_of_business.id, "Två", "Alva", now())
        tick_point(day_of_business.id, done.id, True, now())
    assert "1 punkt utan bock." in staff.get(path(day_of_business)).text
    without = copied(staff, day_of_business)
    assert texts(without) == []
    with_it = copied(staff, day_of_business, title="Dag två", takes_points="y")
    again = copied(staff, day_of_business, title="Dag två", takes_points="y")
    assert again.id == with_it.id
    assert texts(with_it) == ["Två"]
    assert texts(day_of_business) == ["Ett", "Två"]


def texts(event: Event) -> list[str]:
    query = select(TalkingPoint.text).where(TalkingPoint.event_id == event.id).order_by(TalkingPoint.position)
    return list(db.session.scalars(query))


def test_a_copy_without_a_date_keeps_what_was_typed(staff: Visitor, day_of_business: Event) -> None:
    answer = staff.post(path(day_of_business), data={"title": "Ny dag", "day": "", "starts": "9"})
    assert answer.status_code == 422
    assert "Välj ett datum." in answer.text
    assert 'value="Ny dag"' in answer.text
