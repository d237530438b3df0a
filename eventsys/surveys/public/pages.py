"""What the pages of answering share: the form, and the page that says why there is none."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Response, make_response, render_template

from eventsys.i18n import language
from eventsys.surveys.answering import LONGEST_TEXT
from eventsys.surveys.due import last_day
from eventsys.surveys.forms import SurveyForm
from eventsys.surveys.models import Asked, Survey
from eventsys.surveys.settings import survey_settings


class Why(StrEnum):
    """Why a survey cannot be answered by this link now."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    ANSWERED = "answered"
    TWICE = "twice"
    """Something was handed in, and it was not the first."""


STATUS = {Why.UNKNOWN: 404, Why.NOT_YET: 200, Why.CLOSED: 410, Why.ANSWERED: 200, Why.TWICE: 409}


def form_page(
    survey: Survey,
    form: SurveyForm,
    asked: Asked,
    status: int = 200,
    is_open_way: bool = False,
    is_sample: bool = False,
) -> Response:
    """The questions with what has been filled in; 409 says that they have changed meanwhile. A sample is not sent."""
    return page(
        "answer", status, survey=survey, event=survey.event, form=form, is_open_way=is_open_way, is_sample=is_sample,
        longest=LONGEST_TEXT,
        is_for_absent=asked is Asked.NO_SHOW, has_changed=status == 409, is_fresh=status == 200,
        last_day=last_day(survey, survey_settings()),
    )  # fmt: skip


def shut_page(why: Why, survey: Survey | None = None, form: SurveyForm | None = None) -> Response:
    """Why there is nothing to answer; what somebody wrote is shown to them, so that it is not lost."""
    written = form.written() if form is not None and why in (Why.CLOSED, Why.NOT_YET, Why.TWICE) else []
    event = survey.event if survey is not None else None
    return page("shut", STATUS[why], why=why.value, survey=survey, event=event, written=written)


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Nobody keeps the page, finds it by searching, or learns the link from where the reader went next."""
    lang = language()
    event = context.get("event")
    title = {"title": event.in_language(lang, "title"), "title_lang": event.language_of(lang, "title")} if event else {}
    response = make_response(render_template(f"surveys/{template}.html", **title, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
