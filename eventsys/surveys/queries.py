"""Reading surveys: of an event, by the links that lead to them, and those that the clock has something to do with."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.seats import locked_event
from eventsys.surveys.models import Survey, SurveyInvitation, SurveyTemplate


def survey_of(event_id: int) -> Survey | None:
    """The survey of an event, with its questions."""
    query = select(Survey).options(selectinload(Survey.questions)).where(Survey.event_id == event_id)
    return db.session.scalar(query)


def survey_by_id(survey_id: int) -> Survey:
    """Raises NotFound."""
    found = db.session.get(Survey, survey_id)
    if found is None:
        raise NotFound
    return found


def locked_survey(survey_id: int) -> Survey:
    """The survey's row under its lock, which everything that answers, asks or changes takes first. Raises NotFound."""
    found = db.session.get(Survey, survey_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def locked_with_event(survey_id: int) -> Survey:
    """The survey under its lock and, taken before it, that of its event. Raises NotFound."""
    locked_event(survey_by_id(survey_id).event_id)
    return locked_survey(survey_id)


def template_of(series_id: int) -> SurveyTemplate | None:
    """What the surveys of a series begin as, with its questions; None while nobody has made it."""
    query = select(SurveyTemplate).options(selectinload(SurveyTemplate.questions))
    return db.session.scalar(query.where(SurveyTemplate.series_id == series_id))


def locked_template(series_id: int) -> SurveyTemplate:
    """The same under its lock, which every change of it takes first. Raises NotFound."""
    found = db.session.get(SurveyTemplate, series_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def invitation_by_token(token: str) -> SurveyInvitation:
    """What a personal link opens, with survey and event. Raises NotFound."""
    query = (
        select(SurveyInvitation)
        .options(
            joinedload(SurveyInvitation.survey).joinedload(Survey.event),
            joinedload(SurveyInvitation.survey).selectinload(Survey.questions),
        )
        .where(SurveyInvitation.token == token)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def survey_by_open_code(code: str) -> Survey:
    """What the QR code of the last slide opens. Raises NotFound."""
    query = select(Survey).options(joinedload(Survey.event), selectinload(Survey.questions))
    found = db.session.scalar(query.where(Survey.open_code == code))
    if found is None:
        raise NotFound
    return found
