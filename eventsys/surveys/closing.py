"""A survey closes: no more answers and no more letters. What was answered stays."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.surveys.days import blur_days
from eventsys.surveys.models import Survey, SurveyState
from eventsys.surveys.settings import survey_settings


class NotOpen(Refused):
    """Only what is open can be closed."""


def close_survey(survey: Survey, at: datetime) -> None:
    """Close it, with the days of few answers made coarser (days.py). Letters on their way are stopped (letters.py).

    Takes the survey under its lock. Raises NotOpen. Flushes, does not commit.
    """
    if survey.state is not SurveyState.OPEN:
        raise NotOpen("Enkäten är inte öppen, så den kan inte stängas.")
    survey.state, survey.closed_at = SurveyState.CLOSED, at
    blur_days(survey, survey_settings())
    audit.record("survey.closed", f"survey:{survey.id}")
    db.session.flush()
