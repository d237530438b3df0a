"""Reminding those who came and have not answered; nobody else, and no-shows never."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from eventsys import audit
from eventsys.database import db
from eventsys.events.models import Attendee, AttendeeState
from eventsys.mail.outbox import post_all
from eventsys.surveys.inviting import PORTION, survey_letter
from eventsys.surveys.models import Asked, Survey, SurveyInvitation

REMINDER = "surveys/reminder"
COUNTS_AS_CAME = (AttendeeState.ATTENDED, AttendeeState.CONFIRMED)


def remind_portion(survey: Survey, number: int, due_at: datetime, last_moment: datetime) -> int:
    """Post reminder `number` (from 1, due at that moment) to the next of the silent; returns how many.

    Who was asked after it was due has just got the letter itself. When nobody is left the reminder counts as sent.
    Under the survey's lock. Flushes, does not commit.
    """
    silent = _silent(survey, number, due_at)
    for invitation in silent:
        invitation.reminders = number
    db.session.flush()
    post_all([survey_letter(REMINDER, one, f"reminder:{one.id}:{number}", last_moment) for one in silent])
    if len(silent) < PORTION:
        survey.reminders_sent = number
        audit.record("survey.reminded", f"survey:{survey.id}", number=number, letters=_reminded(survey, number))
        db.session.flush()
    return len(silent)


def _silent(survey: Survey, number: int, due_at: datetime) -> list[SurveyInvitation]:
    query = (
        select(SurveyInvitation)
        .join(SurveyInvitation.attendee)
        .options(contains_eager(SurveyInvitation.attendee).options(joinedload(Attendee.registration)))
        .where(SurveyInvitation.survey_id == survey.id, SurveyInvitation.asked == Asked.ATTENDED)
        .where(~SurveyInvitation.has_answered, SurveyInvitation.reminders < number)
        .where(SurveyInvitation.invited_at < due_at, Attendee.state.in_(COUNTS_AS_CAME), Attendee.email_key != "")
        .order_by(SurveyInvitation.id)
        .limit(PORTION)
    )
    return list(db.session.scalars(query))


def _reminded(survey: Survey, number: int) -> int:
    query = select(func.count()).select_from(SurveyInvitation)
    return db.session.scalar(query.where(
        SurveyInvitation.survey_id == survey.id, SurveyInvitation.reminders == number
    )) or 0  # fmt: skip
