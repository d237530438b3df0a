"""Reminders go to the silent alone, on working days at nine, three times at most, never on the last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from eventsys.clock import from_local, local
from eventsys.database import db, transaction
from eventsys.events.models import AttendeeState
from eventsys.surveys.due import last_day, reminder_times
from eventsys.surveys.models import Survey
from eventsys.surveys.settings import survey_settings
from tests.factories import make_event
from tests.surveys.factories import (
    DAY,
    filled_in,
    fresh,
    invitations,
    let_the_clock_work,
    letters_about,
    make_held_event,
    make_open_survey,
    make_survey,
    people_at,
)

pytestmark = pytest.mark.usefixtures("clock")


def at_nine(day: int) -> datetime:
    return from_local(datetime(2027, 3, day, 9))  # noqa: DTZ001  (a wall time)


def times(survey: Survey) -> list[datetime]:
    return [local(moment).replace(tzinfo=None) for moment in reminder_times(survey, survey_settings())]


def test_only_those_who_have_not_answered_are_reminded(app, clock, web):
    survey = make_open_survey(["Åsa", "Bo", "Eva"])
    token = invitations(survey)[1].token
    assert web.post(f"/enkat/{token}", data=filled_in(survey)).status_code == 303
    clock.move_to(at_nine(11) - timedelta(seconds=1))
    let_the_clock_work()
    assert letters_about(survey, "reminder") == []
    clock.move_to(at_nine(11))
    let_the_clock_work()
    assert letters_about(survey, "reminder") == ["Åsa", "Eva"]
    let_the_clock_work()
    assert letters_about(survey, "reminder") == ["Åsa", "Eva"]
    assert fresh(survey).reminders_sent == 1


def test_no_shows_are_never_reminded(app, clock):
    survey = make_survey(make_held_event(["Åsa", "Bo"], absent=1))
    let_the_clock_work()
    clock.move_to(at_nine(11))
    let_the_clock_work()
    assert letters_about(survey, "reminder") == ["Åsa"]


def test_who_turned_out_not_to_have_come_is_reminded_no_more(app, clock):
    survey = make_open_survey(["Åsa", "Bo"])
    with transaction():
        db.session.merge(people_at(survey.event)[0]).state = AttendeeState.NO_SHOW
    clock.move_to(at_nine(11))
    let_the_clock_work()
    assert letters_about(survey, "reminder") == ["Bo"]


def test_each_reminder_reaches_those_who_are_still_silent(app, clock, web):
    survey = make_open_survey(["Åsa", "Bo"])
    clock.move_to(at_nine(11))
    let_the_clock_work()
    web.post(f"/enkat/{invitations(survey)[0].token}", data=filled_in(survey))
    clock.move_to(at_nine(15))
    let_the_clock_work()
    assert letters_about(survey, "reminder") == ["Åsa", "Bo", "Bo"]


def test_a_clock_that_stood_still_sends_one_reminder_and_not_all_that_were_missed(app, clock):
    survey = make_open_survey(["Åsa"])
    clock.move_to(at_nine(15))
    let_the_clock_work()
    assert letters_about(survey, "reminder") == ["Åsa"]
    assert fresh(survey).reminders_sent == 2


def survey_of_days(days: list[int], opened: date = date(2027, 3, 8), closes: date | None = None) -> Survey:
    opened_at = from_local(datetime(opened.year, opened.month, opened.day, 14))  # noqa: DTZ001
    closes_at = from_local(datetime(closes.year, closes.month, closes.day, 12)) if closes else None  # noqa: DTZ001
    return make_survey(make_event(), opened_at=opened_at, reminder_days=days, closes_at=closes_at)


def test_a_reminder_that_falls_on_a_weekend_goes_on_the_working_day_after(app):
    assert times(survey_of_days([5, 6])) == [datetime(2027, 3, 15, 9)]  # noqa: DTZ001


def test_there_are_three_reminders_at_most(app):
    assert [moment.day for moment in times(survey_of_days([1, 2, 3, 4]))] == [9, 10, 11]


def test_no_reminder_goes_on_the_day_it_closes_or_later(app):
    survey = survey_of_days([2, 3, 4], closes=date(2027, 3, 11))
    assert last_day(survey, survey_settings()) == date(2027, 3, 11)
    assert [moment.day for moment in times(survey)] == [10]


def test_without_days_there_are_no_reminders(app):
    assert times(survey_of_days([])) == []


def test_who_was_asked_after_a_reminder_was_due_does_not_get_it_too(app, clock):
    event = make_held_event(["Åsa", "Bo"])
    with transaction():
        db.session.merge(people_at(event)[1]).state = AttendeeState.CONFIRMED
    survey = make_survey(event)
    let_the_clock_work()
    clock.move_to(at_nine(11) + timedelta(minutes=5))
    with transaction():
        db.session.merge(people_at(event)[1]).state = AttendeeState.ATTENDED
    let_the_clock_work()
    assert letters_about(survey, "invitation") == ["Åsa", "Bo"]
    assert letters_about(survey, "reminder") == ["Åsa"]
    clock.shift(4 * DAY)
    let_the_clock_work()
    assert letters_about(survey, "reminder") == ["Åsa", "Åsa", "Bo"]
