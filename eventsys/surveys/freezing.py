"""What may still be changed: with the first answer the questions and texts of a survey stand fast."""

from __future__ import annotations

from datetime import datetime

from eventsys.errors import Refused
from eventsys.surveys.models import Survey, SurveyState, SurveyTemplate

Owner = Survey | SurveyTemplate
"""What questions belong to."""


class Fixed(Refused):
    """Somebody has answered, or the survey has closed; the text says what can be done instead."""


def why_fixed(owner: Owner) -> str:
    """Why questions and texts cannot be changed any more, in Swedish, or "". A template can always be changed."""
    if isinstance(owner, SurveyTemplate):
        return ""
    if owner.frozen_at is not None:
        return (
            "Enkäten har fått svar, så frågor och texter står fast. Annars skulle svaren gälla en annan fråga än "
            "den som ställdes. Tider och påminnelser går att ändra."
        )
    if owner.state is SurveyState.CLOSED:
        return "Enkäten har stängt, så den kan inte ändras."
    return ""


def refuse_if_fixed(owner: Owner) -> None:
    """Raises Fixed. The owner must be locked: the first answer takes the same lock."""
    if why := why_fixed(owner):
        raise Fixed(why)


def note_change(owner: Owner, at: datetime) -> None:
    """What is asked has changed: of a survey, a new version."""
    if isinstance(owner, Survey):
        owner.version += 1
    owner.changed_at = at


def subject_of(owner: Owner) -> str:
    """What the audit trail calls it."""
    return f"survey:{owner.id}" if isinstance(owner, Survey) else f"survey_template:{owner.series_id}"
