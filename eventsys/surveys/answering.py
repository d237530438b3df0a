"""Handing in an answer: once for each link, and nothing that could join what is said to who said it.

One transaction under the survey's lock stores the answer and marks the invitation, so that both are kept or neither.
The answer has a random id, a day and no key to anybody; no line of the audit trail or the log knows of it. What is said
of single sessions is stored apart, each under an id of its own (see models.Way.SESSION). How the databases themselves
are kept from telling stands in traces.py.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.surveys.asked import fingerprint, questions_for
from eventsys.surveys.due import is_over, takes_answers, takes_open_answers
from eventsys.surveys.models import (
    NKI_KINDS,
    SCALE_KINDS,
    Asked,
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    Way,
    as_number,
)
from eventsys.surveys.nki import HIGHEST, LOWEST
from eventsys.surveys.queries import invitation_by_token, locked_survey, survey_by_open_code
from eventsys.surveys.traces import mark, stir

LONGEST_TEXT = 2000


class AlreadyAnswered(Refused):
    """This link, or this form of the open way, has handed in its answer."""


class SurveyClosed(Refused):
    """It takes no answers any more."""


class NotOpenYet(Refused):
    """It takes no answers yet."""


class QuestionsChanged(Refused):
    """The questions are not those that were shown."""


class OutOfRange(Refused):
    """A number that the question does not have, or a text that is too long."""


@dataclass(frozen=True)
class Given:
    """What somebody gave to one question: a number from 1 to 10 or the place of an option, several places, a text.

    All empty: "vet ej". A question that was passed over has none.
    """

    number: int | None = None
    places: tuple[int, ...] = ()
    text: str = ""


Answers = Mapping[int, Given]
"""By the question's id."""


def submit_response(token: str, answers: Answers, shown: str, at: datetime) -> None:
    """Hand in the answer of a personal link. `shown`: the fingerprint of the questions that were answered.

    Raises NotFound, SurveyClosed, AlreadyAnswered, QuestionsChanged, OutOfRange. Flushes, does not commit.
    """
    survey = locked_survey(invitation_by_token(token).survey_id)
    invitation = _locked_invitation(token)
    if not takes_answers(survey, at):
        raise SurveyClosed
    if invitation.has_answered:
        raise AlreadyAnswered
    asked = _checked(survey, invitation.asked, answers, shown)
    way = Way.PERSONAL if invitation.asked is Asked.ATTENDED else Way.NO_SHOW
    _store(survey, way, _new_id(), asked, answers, at)
    mark(invitation)
    stir(survey)


def submit_open_response(code: str, once: str, answers: Answers, shown: str, at: datetime) -> None:
    """Hand in an answer by the code on the last slide. `once`: what the form drew, so that a second press is none.

    Raises as `submit_response` does, and NotOpenYet. Flushes, does not commit.
    """
    survey = locked_survey(survey_by_open_code(code).id)
    if not takes_open_answers(survey, at):
        raise SurveyClosed if is_over(survey, at) else NotOpenYet
    id_ = _id_of_form(survey, once)
    if db.session.get(SurveyResponse, id_) is not None:
        raise AlreadyAnswered
    _store(survey, Way.OPEN, id_, _checked(survey, Asked.ATTENDED, answers, shown), answers, at)


def _locked_invitation(token: str) -> SurveyInvitation:
    query = select(SurveyInvitation).where(SurveyInvitation.token == token).with_for_update(of=SurveyInvitation)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


# --- what is handed in --------------------------------------------------------------------------------------------


def _checked(survey: Survey, asked: Asked, answers: Answers, shown: str) -> list[SurveyQuestion]:
    """The questions answered, in their order."""
    if shown != fingerprint(survey, asked):
        raise QuestionsChanged
    questions = [question for question in questions_for(survey, asked) if question.id in answers]
    if not all(_fits(question, answers[question.id]) for question in questions):
        raise OutOfRange
    return questions


def _fits(question: SurveyQuestion, given: Given) -> bool:
    if question.kind in SCALE_KINDS:
        return given == Given(given.number) and (given.number is None or LOWEST <= given.number <= HIGHEST)
    places = range(len(question.options))
    if question.kind is QuestionKind.CHOICE:
        return given == Given(given.number) and given.number in places
    if question.kind is QuestionKind.CHOICES:
        return given == Given(places=given.places) and set(given.places) <= set(places)
    return given == Given(text=given.text) and len(given.text) <= LONGEST_TEXT


# --- storing ------------------------------------------------------------------------------------------------------


def _new_id() -> str:
    return secrets.token_urlsafe(16)


def _id_of_form(survey: Survey, once: str) -> str:
    """The same for the same form, and nothing that anybody could foresee who did not have it."""
    return hashlib.sha256(f"{survey.id}:{once}".encode()).hexdigest()[:24]


def _store(
    survey: Survey, way: Way, id_: str, questions: Iterable[SurveyQuestion], answers: Answers, at: datetime
) -> None:
    """The answer itself, and apart from it what it says of each session. With the first the questions stand fast."""
    day = local(at).date()
    whole = SurveyResponse(id=id_, survey_id=survey.id, way=way, day=day)
    rows: dict[int | None, SurveyResponse] = {None: whole}
    beside: list[SurveyAnswer] = []
    for question in questions:
        apart = question.session_id if way is Way.PERSONAL else None
        if apart not in rows:
            rows[apart] = SurveyResponse(id=_new_id(), survey_id=survey.id, way=Way.SESSION, day=_no_day(survey, at))
        if question.kind in NKI_KINDS:
            setattr(rows[apart], question.kind.value, answers[question.id].number)
        else:
            beside.append(_answer(rows[apart], question, answers[question.id]))
    survey.frozen_at = survey.frozen_at or day
    db.session.add_all(rows.values())
    db.session.flush()
    db.session.add_all(beside)
    db.session.flush()


def _no_day(survey: Survey, at: datetime) -> date:
    """The day the survey opened, for what is said of sessions: alone on its day it would find its answer."""
    return local(survey.opened_at or at).date()


def _answer(row: SurveyResponse, question: SurveyQuestion, given: Given) -> SurveyAnswer:
    number = as_number(given.places) if question.kind is QuestionKind.CHOICES else given.number
    return SurveyAnswer(response_id=row.id, question_id=question.id, number=number, text=given.text)
