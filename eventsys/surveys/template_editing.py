"""The template of a series: what its surveys begin as. Surveys that exist already are not changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.series import locked_series
from eventsys.overwriting import mark_of, refuse_overwriting
from eventsys.surveys.editing import TEXTS
from eventsys.surveys.freezing import note_change
from eventsys.surveys.models import SurveyTemplate
from eventsys.surveys.queries import template_of
from eventsys.surveys.questions import asks_anybody
from eventsys.surveys.settings import survey_settings
from eventsys.surveys.wording import usual_questions

EDITED = ("is_automatic", "reminder_days", "asks_no_shows", *TEXTS)


class NothingToAsk(Refused):
    """A template without a question cannot open surveys by itself."""


def mark_of_template(template: SurveyTemplate) -> str:
    return mark_of({name: getattr(template, name) for name in EDITED})


def make_template(series_id: int, at: datetime) -> SurveyTemplate:
    """The series' template, made now if there is none, with the usual questions. It does nothing by itself yet.

    Under the series' lock. Raises NotFound. Flushes, does not commit.
    """
    locked_series(series_id)
    found = template_of(series_id)
    if found is not None:
        return found
    template = SurveyTemplate(
        series_id=series_id, is_automatic=False, reminder_days=list(survey_settings().reminder_days), changed_at=at,
        questions=usual_questions(),
    )  # fmt: skip
    db.session.add(template)
    db.session.flush()
    audit.record("survey_template.made", f"survey_template:{series_id}")
    return template


def edit_template(template: SurveyTemplate, values: Mapping[str, Any], seen: str, at: datetime) -> None:
    """Change its texts, its reminders, and whether events get their survey by themselves.

    `seen` is `mark_of_template` as the page showed it; the template must be locked.
    Raises NothingToAsk, ChangedMeanwhile. Flushes, does not commit.
    """
    saved = {name: getattr(template, name) for name in EDITED}
    refuse_overwriting(saved, values, seen)
    if values["is_automatic"] and not asks_anybody(template):
        raise NothingToAsk("Mallen har inga frågor till dem som kom. Lägg till en fråga först.")
    if saved == dict(values):
        return
    for name, value in values.items():
        setattr(template, name, value)
    note_change(template, at)
    audit.record("survey_template.edited", f"survey_template:{template.series_id}")
    db.session.flush()
