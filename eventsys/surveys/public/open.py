"""Doors: a survey answered by the code on the last slide, by anybody who sees it; one answer from each browser.

The one cookie says that this browser has answered this survey, and nothing else; without it the way would have to be
closed. Who refuses it, or has two phones, can answer twice: such answers are counted and shown apart.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.i18n import language, url
from eventsys.limits import limit_answers
from eventsys.surveys.answering import (
    AlreadyAnswered,
    NotOpenYet,
    OutOfRange,
    QuestionsChanged,
    SurveyClosed,
    submit_open_response,
)
from eventsys.surveys.asked import fingerprint, questions_to_anybody
from eventsys.surveys.due import is_before_open_answers, is_over
from eventsys.surveys.forms import SurveyForm, survey_form
from eventsys.surveys.models import Asked, Survey
from eventsys.surveys.public.doors import doors
from eventsys.surveys.public.pages import Why, form_page, shut_page
from eventsys.surveys.queries import survey_by_open_code

REMEMBERED = timedelta(days=60)
"""Longer than surveys are open."""


@doors.get("/enkat/oppen/<code>")
def show_open_survey_form(code: str) -> ResponseReturnValue:
    """The questions; or why they cannot be answered now."""
    try:
        survey = survey_by_open_code(code)
    except NotFound:
        return shut_page(Why.UNKNOWN)
    why = _why_shut(survey)
    if why is not None:
        return shut_page(why, survey)
    form = survey_form(questions_to_anybody(survey), language(), formdata=None)
    form.once.data = secrets.token_urlsafe(16)
    return _form_page(survey, form)


@doors.post("/enkat/oppen/<code>")
@limit_answers
def submit_open_survey(code: str) -> ResponseReturnValue:
    try:
        survey = survey_by_open_code(code)
    except NotFound:
        return shut_page(Why.UNKNOWN)
    form = survey_form(questions_to_anybody(survey), language())
    why = _why_shut(survey)
    if why is not None:
        return shut_page(Why.TWICE if why is Why.ANSWERED else why, survey, form)
    if not form.validate():
        return _form_page(survey, form, 422)
    try:
        with transaction():
            submit_open_response(code, form.once.data, form.answers(), form.shown.data, now())
    except AlreadyAnswered:
        return shut_page(Why.TWICE, survey, form)
    except (SurveyClosed, NotOpenYet):
        return shut_page(Why.CLOSED, survey, form)
    except (QuestionsChanged, OutOfRange):
        return _ask_anew(code)
    thanks = make_response(redirect(url("surveys.show_thanks", slug=survey.event.slug), 303))
    return _remembering(thanks, survey)


def _why_shut(survey: Survey) -> Why | None:
    if is_over(survey, now()):
        return Why.CLOSED
    if is_before_open_answers(survey, now()):
        return Why.NOT_YET
    return Why.ANSWERED if _cookie(survey) in request.cookies else None


def _remembering(answer: Response, survey: Survey) -> Response:
    answer.set_cookie(
        _cookie(survey), "svarat", max_age=REMEMBERED, httponly=True, samesite="Lax", secure=settings().served_securely
    )
    return answer


def _cookie(survey: Survey) -> str:
    return f"enkat-{survey.open_code}"


def _ask_anew(code: str) -> ResponseReturnValue:
    survey = survey_by_open_code(code)
    form = survey_form(questions_to_anybody(survey), language())
    form.forget_changed()
    form.validate()
    return _form_page(survey, form, 409)


def _form_page(survey: Survey, form: SurveyForm, status: int = 200) -> ResponseReturnValue:
    form.shown.data = fingerprint(survey, Asked.ATTENDED)
    return form_page(survey, form, Asked.ATTENDED, status, is_open_way=True)
