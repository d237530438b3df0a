"""The rows follow the event: published, moved, changed, cancelled; what would come too late is dropped."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from eventsys.clock import now
from eventsys.events.models import DayBefore, EventState
from eventsys.events.planning import copy_event, event_from_series
from tests.events.scenes import cancel_event, edit_event, kept, publish
from tests.factories import make_event, make_series
from tests.reminders.scenes import (
    AFTER,
    COMING,
    DAY,
    EVERYTHING,
    MINUTE,
    WEEK,
    lunch,
    planned,
    reminded,
    row,
    rows,
    tick,
    wall,
)

HOUR = timedelta(hours=1)


def test_a_draft_has_no_rows_and_publishing_makes_them(app: Flask, clock: time_machine.Traveller) -> None:
    event = make_event(state=EventState.DRAFT, starts_at=wall("2026-03-26 12.00"), **EVERYTHING)
    edit_event(event.id, {"place": "Textile Fashion Center"}, now())
    assert planned(event) == {}
    publish(event.id, now())
    assert planned(event) == {
        WEEK: wall("2026-03-19 09.00"), COMING: wall("2026-03-25 09.00"), AFTER: wall("2026-03-27 09.00"),
    }  # fmt: skip


def test_an_event_begins_with_what_its_series_says_and_a_copy_keeps_it(app: Flask) -> None:
    series = make_series(remind_week=True, day_before=DayBefore.REMIND, says_thanks=False)
    starts_at = wall("2026-03-26 12.00")
    event = kept(event_from_series)(series, "Lunch", starts_at, starts_at + HOUR)
    copy = kept(copy_event)(event, starts_at + 7 * 24 * HOUR)
    for one in (event, copy):
        assert (one.remind_week, one.day_before, one.says_thanks) == (True, DayBefore.REMIND, False)


def test_what_would_have_gone_out_before_the_publishing_is_dropped(app: Flask, clock: time_machine.Traveller) -> None:
    clock.move_to(wall("2026-03-19 09.00"))  # the very moment the week's reminder is due
    assert planned(lunch()).keys() == {COMING, AFTER}
    clock.move_to(wall("2026-03-25 08.59"))
    assert planned(lunch()).keys() == {COMING, AFTER}
    clock.move_to(wall("2026-03-25 09.00"))
    assert planned(lunch()).keys() == {AFTER}


def test_a_new_date_moves_every_row(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch()
    edit_event(event.id, {"starts_at": wall("2026-04-10 12.00"), "ends_at": wall("2026-04-10 13.00")}, now())
    assert planned(event) == {
        WEEK: wall("2026-04-02 09.00"), COMING: wall("2026-04-09 09.00"), AFTER: wall("2026-04-13 09.00"),
    }  # fmt: skip


def test_a_new_hour_of_the_same_day_moves_nothing(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch()
    before = [(one.id, one.due_at) for one in rows(event)]
    edit_event(event.id, {"starts_at": wall("2026-03-26 08.00"), "ends_at": wall("2026-03-26 09.00")}, now())
    assert [(one.id, one.due_at) for one in rows(event)] == before


def test_a_date_that_comes_so_near_that_the_week_has_passed_drops_the_weeks_reminder(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = lunch()
    edit_event(event.id, {"starts_at": wall("2026-03-06 12.00"), "ends_at": wall("2026-03-06 13.00")}, now())
    assert planned(event) == {COMING: wall("2026-03-05 09.00"), AFTER: wall("2026-03-09 09.00")}


def test_moved_to_tomorrow_in_the_afternoon_nobody_is_asked(app: Flask, clock: time_machine.Traveller) -> None:
    """The letter about the new date has just said it."""
    event = lunch()
    clock.move_to(wall("2026-03-16 14.00"))
    edit_event(event.id, {"starts_at": wall("2026-03-17 12.00"), "ends_at": wall("2026-03-17 13.00")}, now())
    assert planned(event).keys() == {AFTER}


def test_settings_take_away_and_add_rows(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch()
    edit_event(event.id, {"remind_week": False, "day_before": DayBefore.REMIND, "says_thanks": False}, now())
    assert planned(event) == {DAY: wall("2026-03-25 09.00")}
    edit_event(event.id, {"remind_week": True, "day_before": DayBefore.NOTHING}, now())
    assert planned(event) == {WEEK: wall("2026-03-19 09.00")}


def test_a_cancelled_event_has_nothing_planned(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch()
    cancel_event(event.id, "Talaren är sjuk.", now())
    assert rows(event) == []


def test_an_edit_while_a_round_waits_to_be_sent_keeps_it(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch()
    clock.move_to(wall("2026-03-19 09.30"))
    edit_event(event.id, {"title": "Lunch om ull"}, now())
    assert planned(event)[WEEK] == wall("2026-03-19 09.00")


def test_what_has_gone_out_stays_as_history(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch()
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    edit_event(event.id, {"remind_week": False}, now())
    cancel_event(event.id, "Talaren är sjuk.", now() + HOUR)
    assert [(one.kind, one.finished_at) for one in rows(event)] == [(WEEK, wall("2026-03-19 09.00"))]


def test_a_week_that_was_away_too_long_is_closed_without_a_letter(app: Flask, clock: time_machine.Traveller) -> None:
    """The clock stood still for days: three days before the start the week's reminder is of no use."""
    event = lunch()
    clock.move_to(event.starts_at - timedelta(days=3))
    tick()
    assert (reminded("reminder"), row(event, WEEK).posted) == ([], 0)
    assert row(event, WEEK).finished_at == now()


def test_the_question_is_asked_until_seats_can_no_longer_be_offered(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch(remind_week=False)
    clock.move_to(event.offers_end_at)
    tick()
    assert row(event, COMING).finished_at == now()
    assert reminded("coming") == []
    clock.move_to(event.starts_at + MINUTE)
    tick()
    assert reminded("coming") == []
