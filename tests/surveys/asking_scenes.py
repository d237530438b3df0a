"""Changing surveys and templates as a door does: each act a transaction, under the owner's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.models import Series
from eventsys.surveys import questions, template_editing
from eventsys.surveys.models import Asked, QuestionKind, Survey, SurveyQuestion, SurveyTemplate
from eventsys.surveys.queries import locked_survey, locked_template, template_of
from tests.factories import make_series
from tests.staff_fixtures import see_anew

Result = TypeVar("Result")


def with_survey(survey: Survey, act: Callable[..., Result], *args: Any, **more: Any) -> Result:
    """`act(survey, *args, at)` in a transaction of its own; afterwards the test reads anew."""
    id_ = survey.id
    try:
        with transaction():
            return act(locked_survey(id_), *args, now(), **more)
    finally:
        see_anew()


def with_template(template: SurveyTemplate, act: Callable[..., Result], *args: Any, **more: Any) -> Result:
    id_ = template.series_id
    try:
        with transaction():
            return act(locked_template(id_), *args, now(), **more)
    finally:
        see_anew()


def make_template(series: Series | None = None, **given: Any) -> SurveyTemplate:
    """With the usual questions; it does nothing by itself unless `is_automatic=True`."""
    series_id = (series or make_series()).id
    with transaction():
        template = template_editing.make_template(series_id, now())
        for name, value in given.items():
            setattr(template, name, value)
    see_anew()
    found = template_of(series_id)
    assert found is not None
    return found


def values(text: str = "Hur var maten?", kind: QuestionKind = QuestionKind.SCALE, **given: Any) -> dict[str, Any]:
    """Columns of a question as a form gives them."""
    usual = {"asked": Asked.ATTENDED, "low": "Dålig", "high": "Utmärkt", "options": [], "is_required": False}
    return {"text": text, "kind": kind, **usual, **given}


def kinds_of(owner: Survey | SurveyTemplate) -> list[QuestionKind]:
    return [question.kind for question in owner.questions]


def one_of(owner: Survey | SurveyTemplate, kind: QuestionKind) -> SurveyQuestion:
    return next(question for question in owner.questions if question.kind is kind)


def seen(question: SurveyQuestion) -> str:
    return questions.mark_of_question(question)
