"""A survey closes: no more answers and no more letters. What was answered stays."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.surveys.models import Survey, SurveyState


class NotOpen(Refused):
    """Only what is open can be closed."""


def close_survey(survey: Survey, at: datetime) -> None:
    """Close it. Letters on their way are stopped, for nobody wants them any more (letters.py).

    Takes the survey under its lock. Raises NotOpen. Flushes, does not commit.
    """
    if survey.state is not SurveyState.OPEN:
        raise NotOpen("Enkäten är inte öppen, så den kan inte stängas.")
    survey.state, survey.closed_at = SurveyState.CLOSED, at
    audit.record("survey.closed", f"survey:{survey.id}")
    db.session.flush()
