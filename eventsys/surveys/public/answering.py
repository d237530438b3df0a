"""Doors: a survey answered by a personal link. GET changes nothing; POST hands in.

They ask for no cookie and look at nobody's address. What was filled in stays on the page, whatever is refused.
"""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events.queries import event_by_slug
from eventsys.i18n import language, url
from eventsys.surveys.answering import AlreadyAnswered, OutOfRange, QuestionsChanged, SurveyClosed, submit_response
from eventsys.surveys.asked import fingerprint, questions_to
from eventsys.surveys.due import takes_answers
from eventsys.surveys.forms import SurveyForm, survey_form
from eventsys.surveys.models import SurveyInvitation
from eventsys.surveys.public.doors import doors
from eventsys.surveys.public.pages import Why, form_page, page, shut_page
from eventsys.surveys.queries import invitation_by_token, survey_of


@doors.get("/enkat/<token>")
def show_survey_form(token: str) -> ResponseReturnValue:
    """The questions; or why they cannot be answered now."""
    try:
        invitation = invitation_by_token(token)
    except NotFound:
        return shut_page(Why.UNKNOWN)
    if invitation.has_answered:
        return shut_page(Why.ANSWERED, invitation.survey)
    if not takes_answers(invitation.survey, now()):
        return shut_page(Why.CLOSED, invitation.survey)
    return _form_page(invitation, _blank(invitation))


@doors.post("/enkat/<token>")
def submit_survey(token: str) -> ResponseReturnValue:
    try:
        invitation = invitation_by_token(token)
    except NotFound:
        return shut_page(Why.UNKNOWN)
    form = survey_form(questions_to(invitation), language())
    if not takes_answers(invitation.survey, now()):
        return shut_page(Why.CLOSED, invitation.survey, form)
    if not form.validate():
        return _form_page(invitation, form, 422)
    try:
        with transaction():
            submit_response(token, form.answers(), form.shown.data, now())
    except AlreadyAnswered:
        return shut_page(Why.TWICE, invitation.survey, form)
    except SurveyClosed:
        return shut_page(Why.CLOSED, invitation.survey, form)
    except (QuestionsChanged, OutOfRange):
        return _ask_anew(token)
    return redirect(url("surveys.show_thanks", slug=invitation.survey.event.slug), 303)


@doors.get("/enkat/tack/<slug>")
def show_thanks(slug: str) -> ResponseReturnValue:
    """The same for everybody, whoever opens it: it says that answers are counted, and nothing of whose."""
    event = event_by_slug(slug)
    survey = survey_of(event.id)
    if survey is None:
        raise NotFound
    return page("thanks", event=event, survey=survey)


def _blank(invitation: SurveyInvitation) -> SurveyForm:
    return survey_form(questions_to(invitation), language(), formdata=None)


def _ask_anew(token: str) -> ResponseReturnValue:
    """The questions were changed meanwhile: those that hold now, with what was answered to those that are the same."""
    invitation = invitation_by_token(token)
    form = survey_form(questions_to(invitation), language())
    form.forget_changed()
    form.validate()
    return _form_page(invitation, form, 409)


def _form_page(invitation: SurveyInvitation, form: SurveyForm, status: int = 200) -> ResponseReturnValue:
    form.shown.data = fingerprint(invitation.survey, invitation.asked)
    return form_page(invitation.survey, form, invitation.asked, status)
