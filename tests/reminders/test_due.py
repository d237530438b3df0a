"""When each round is due: working days at nine, over weekends, holidays, the turn of the year and summer time."""

from __future__ import annotations

import pytest

from eventsys.clock import local
from eventsys.events.models import DayBefore
from eventsys.events.reminders.models import ReminderKind
from tests.reminders.scenes import AFTER, COMING, DAY, WEEK, due_of, wall


@pytest.mark.parametrize(
    ("starts", "week", "day", "after"),
    [
        ("2026-03-26 12.00", "2026-03-19", "2026-03-25", "2026-03-27"),  # Thursday
        ("2026-03-30 08.00", "2026-03-23", "2026-03-27", "2026-03-31"),  # Monday: the Friday before
        ("2026-03-28 10.00", "2026-03-20", "2026-03-27", "2026-03-30"),  # Saturday: a week before is one too
        ("2026-04-07 12.00", "2026-03-31", "2026-04-02", "2026-04-08"),  # after Easter: the Thursday before
        ("2026-04-10 12.00", "2026-04-02", "2026-04-09", "2026-04-13"),  # a week before is Good Friday
        ("2026-04-02 12.00", "2026-03-26", "2026-04-01", "2026-04-07"),  # Maundy Thursday: thanks after Easter
        ("2025-06-09 12.00", "2025-06-02", "2025-06-05", "2025-06-10"),  # after 6 June on a Friday and Whitsun
        ("2025-06-13 12.00", "2025-06-05", "2025-06-12", "2025-06-16"),  # a week before is 6 June
        ("2026-06-22 12.00", "2026-06-15", "2026-06-18", "2026-06-23"),  # after Midsummer
        ("2026-06-26 12.00", "2026-06-18", "2026-06-25", "2026-06-29"),  # a week before is Midsummer's Eve
        ("2026-12-28 12.00", "2026-12-21", "2026-12-23", "2026-12-29"),  # after Christmas
        ("2027-01-04 12.00", "2026-12-28", "2026-12-30", "2027-01-05"),  # the turn of the year
        ("2027-01-07 12.00", "2026-12-30", "2027-01-05", "2027-01-08"),  # New Year's Eve, Epiphany
        ("2026-12-23 18.00", "2026-12-16", "2026-12-22", "2026-12-28"),  # thanks after Christmas
    ],
)
def test_every_round_is_due_at_nine_on_a_working_day(starts: str, week: str, day: str, after: str) -> None:
    expected = {WEEK: week, COMING: day, AFTER: after}
    assert due_of(starts) == {kind: wall(f"{date} 09.00") for kind, date in expected.items()}


@pytest.mark.parametrize("starts", ["2026-03-30 12.00", "2026-03-29 12.00", "2026-10-26 12.00", "2026-10-25 12.00"])
def test_nine_is_nine_on_the_wall_around_the_change_of_clocks(starts: str) -> None:
    for due_at in due_of(starts).values():
        assert (local(due_at).hour, local(due_at).minute) == (9, 0)


def test_a_late_evening_counts_as_its_own_day_in_boras() -> None:
    """23.30 in Borås is another date in UTC in summer and winter alike."""
    assert due_of("2026-06-10 23.30")[COMING] == wall("2026-06-09 09.00")
    assert due_of("2026-06-11 00.30")[COMING] == wall("2026-06-10 09.00")


def test_thanks_follow_the_last_day_of_an_event_of_several() -> None:
    assert due_of("2026-03-26 09.00", "2026-03-28 16.00")[AFTER] == wall("2026-03-30 09.00")


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ({"remind_week": False}, {COMING, AFTER}),
        ({"day_before": DayBefore.REMIND}, {WEEK, DAY, AFTER}),
        ({"day_before": DayBefore.NOTHING}, {WEEK, AFTER}),
        ({"says_thanks": False}, {WEEK, COMING}),
        ({"remind_week": False, "day_before": DayBefore.NOTHING, "says_thanks": False}, set()),
    ],
)
def test_only_what_the_settings_ask_for_is_due(asked: dict[str, object], kinds: set[ReminderKind]) -> None:
    assert due_of("2026-03-26 12.00", **asked).keys() == kinds
