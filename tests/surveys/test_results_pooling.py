"""Figures of several events: every respondent weighs the same, and each says what it was counted from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from eventsys.surveys.models import SurveyState
from eventsys.surveys.results import pooling
from eventsys.surveys.results.pooling import change_at, nki_of_event, nki_of_series, nki_of_tertial, trend_of
from tests.factories import make_series
from tests.surveys.results_scenes import EIGHTS, make_past_event, make_survey


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=UTC)


def test_a_pooled_index_is_no_mean_of_indices(app: Flask) -> None:
    series = make_series()
    make_survey(make_past_event(series=series, starts_at=on(2025, 3, 7)), [(10, 10, 10)] * 30, invited=40)
    make_survey(make_past_event(series=series, starts_at=on(2025, 10, 3)), [(1, 1, 1)] * 10, invited=20)
    found = nki_of_series(series.id, date(2025, 1, 1), date(2025, 12, 31))
    assert (found.nki.shown, found.nki.n, found.events, found.answers, found.invited) == ("75", 40, 2, 40, 60)


def test_tertials_follow_the_wall_in_boras(app: Flask) -> None:
    last_hour_of_april = datetime(2026, 4, 30, 21, 30, tzinfo=UTC)  # 23.30 in Borås
    make_survey(make_past_event(starts_at=last_hour_of_april), EIGHTS)
    make_survey(make_past_event(starts_at=datetime(2026, 4, 30, 22, 30, tzinfo=UTC)), [(1, 1, 1)] * 8)
    assert [nki_of_tertial(2026, tertial).nki.shown for tertial in (1, 2, 3)] == ["78", "0", "*"]
    assert pooling.days_of_tertial(2026, 3) == (date(2026, 9, 1), date(2026, 12, 31))
    with pytest.raises(ValueError, match="not 4"):
        nki_of_tertial(2026, 4)


def test_the_response_rate_counts_small_and_open_ones_too(app: Flask) -> None:
    series = make_series()
    make_survey(make_past_event(series=series, starts_at=on(2026, 2, 6)), EIGHTS[:3], invited=10)
    make_survey(
        make_past_event(series=series, starts_at=on(2026, 3, 6)), EIGHTS, invited=20, state=SurveyState.OPEN
    )  # fmt: skip
    make_survey(make_past_event(starts_at=on(2026, 3, 6)), EIGHTS, invited=20)
    assert pooling.response_rate(date(2026, 1, 1), date(2026, 4, 30), series.id) == (11, 30)
    assert pooling.response_rate(date(2026, 1, 1), date(2026, 4, 30)) == (19, 50)


def test_an_event_says_what_it_was_counted_from(app: Flask) -> None:
    small, open_one = make_past_event(), make_past_event()
    make_survey(small, EIGHTS[:6])
    make_survey(open_one, EIGHTS, state=SurveyState.OPEN)
    found = nki_of_event(small.id)
    assert (found.nki.shown, found.events, found.left_out) == ("*", 0, 1)
    assert (nki_of_event(open_one.id).nki.shown, nki_of_event(open_one.id).left_out) == ("*", 0)


def test_a_change_is_held_against_the_margin_of_both(app: Flask) -> None:
    series = make_series()
    first = make_past_event(series=series, starts_at=on(2025, 9, 5))
    small = make_past_event(series=series, starts_at=on(2025, 10, 3))
    alike = make_past_event(series=series, starts_at=on(2025, 11, 7))
    better = make_past_event(series=series, starts_at=on(2025, 12, 5))
    make_survey(first, [(7, 7, 7), (9, 9, 9)] * 8, invited=100)
    make_survey(small, EIGHTS[:2])
    make_survey(alike, [(7, 7, 7), (9, 9, 9), (9, 9, 9)] * 6, invited=100)
    make_survey(better, [(10, 10, 10), (10, 10, 9)] * 20, invited=100)
    trend = trend_of(series.id)
    assert [one.nki.shown for one in trend.results if one.nki] == ["78", "*", "81", "98"]
    assert change_at(trend, first.id) is None
    assert change_at(trend, small.id) is None
    change = change_at(trend, alike.id)
    assert change is not None
    assert (change.before.event.id, change.points, change.is_within_margin) == (first.id, 3, True)
    change = change_at(trend, better.id)
    assert change is not None
    assert (change.points, change.is_within_margin) == (17, False)
    assert trend.pooled.left_out == 1
