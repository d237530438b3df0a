"""The settings of the surveys: kept, refused when they make no sense, and never touching an answer."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.database import db, transaction
from eventsys.staff.models import Role
from eventsys.surveys.models import SurveyResponse
from eventsys.surveys.nki import BANDS, Band
from eventsys.surveys.settings import WrongBands, bands_of, change_settings, survey_settings
from tests.staff_fixtures import new_account, see_anew, visitor_as
from tests.surveys.results_scenes import VECTOR, make_survey

PAGE = "/personal/installningar/enkater"
BEGINS = {"very_high": 85, "high": 75, "fair": 65, "low": 55, "very_low": 0}
VALUES: dict[str, Any] = {
    "least": 9, "goal": 80, "bands": BEGINS, "opens_after_hours": 2, "closes_after_days": 21, "reminder_days": [4],
}  # fmt: skip
FORM: dict[str, Any] = {
    **VALUES, "reminder_days": "4", "very_high": 85, "high": 75, "fair": 65, "low": 55, "bands": "",
}  # fmt: skip


def test_until_somebody_changes_them_the_defaults_hold(app: Flask) -> None:
    assert (survey_settings().least, survey_settings().goal, bands_of(survey_settings())) == (7, 76, BANDS)


def test_settings_are_kept_and_what_changed_is_noted(app: Flask) -> None:
    with transaction():
        change_settings({**VALUES, "goal": 76})
    see_anew()
    assert bands_of(survey_settings())[0] == (85, Band.VERY_HIGH)
    act = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "survey_settings.changed")).one()
    assert act.detail == {"changed": ["bands", "closes_after_days", "least", "opens_after_hours", "reminder_days"]}


@pytest.mark.parametrize("wrong", [{"high": 85}, {"fair": 80}, {"very_high": 101}, {"very_low": 3}])
def test_bands_fall(app: Flask, wrong: dict[str, int]) -> None:
    with pytest.raises(WrongBands), transaction():
        change_settings({**VALUES, "bands": {**BEGINS, **wrong}})


def test_answers_are_as_they_were(app: Flask) -> None:
    make_survey(answers=VECTOR)
    before = rows()
    with transaction():
        change_settings(VALUES)
    assert rows() == before


def rows() -> list[tuple[Any, ...]]:
    see_anew()
    return sorted(tuple(row) for row in db.session.execute(select(SurveyResponse.__table__)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"least": 4}, "mellan 5 och 50"), ({"goal": "mycket"}, "med siffror"), ({"high": 90}, "Gränserna ska falla"),
        ({"reminder_days": "1, 2, 3, 4"}, "högst 3 gånger"), ({"reminder_days": "snart"}, "med komma emellan"),
        ({"reminder_days": "21"}, "för sent"), ({"reminder_days": "²"}, "med komma emellan"),
        ({"reminder_days": "0060" + "9" * 12}, "med komma emellan"),
    ],
)  # fmt: skip
def test_the_page_says_what_is_wrong_and_keeps_what_was_written(app: Flask, wrong: dict[str, Any], said: str) -> None:
    answer = visitor_as(app, new_account(Role.ORGANISER)).post(PAGE, data={**FORM, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert survey_settings().goal == 76


def test_organisers_and_administrators_change_them_and_nobody_else(app: Flask) -> None:
    for role in Role:
        allowed = role in (Role.ADMINISTRATOR, Role.ORGANISER)
        assert visitor_as(app, new_account(role)).post(PAGE, data=FORM).status_code == (302 if allowed else 403), role
    assert survey_settings().least == 9
    assert "Enkäter" in visitor_as(app, new_account(Role.ORGANISER)).get("/personal/installningar").text
