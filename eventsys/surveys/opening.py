"""A survey opens: from here on those who came are asked, and the survey's letter says the thanks."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.attendance.closing import has_ended
from eventsys.events.reminders.schedule import leave_out_thanks
from eventsys.surveys.models import Asked, Survey, SurveyState


class CannotOpen(Refused):
    """It has been open already, the event is not over, or there is nothing to ask."""


def open_survey(survey: Survey, at: datetime) -> None:
    """Open it; the clock then asks those who came, a portion at a time (see inviting.py).

    The event's own thanks are left out, so that nobody gets two letters about the same thing. Takes the survey under
    its lock and under the event's (queries.locked_with_event). Raises CannotOpen. Flushes, does not commit.
    """
    if survey.state not in (SurveyState.DRAFT, SurveyState.READY):
        raise CannotOpen("Enkäten har redan öppnat.")
    if not has_ended(survey.event, at):
        raise CannotOpen("Enkäten öppnar när evenemanget har hållits. Vänta tills det är slut.")
    if not any(question.asked is Asked.ATTENDED for question in survey.questions):
        raise CannotOpen("Enkäten har inga frågor till dem som kom. Lägg till en fråga först.")
    survey.state, survey.opened_at = SurveyState.OPEN, at
    leave_out_thanks(survey.event, at)
    audit.record("survey.opened", f"survey:{survey.id}")
    db.session.flush()
