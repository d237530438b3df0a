"""Who is asked: those who came, each by a link of their own, and those who did not come, one question of their own.

Who came is what the attendance says once it is closed. Where no door was used and nobody has said who came, those with
a seat count as having come, for the clock calls nobody absent there (decision 0033).

Somebody without an address is not asked, and not counted as invited. An address that we no longer write to counts as
invited: its letter stands as stopped among the event's letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.mail.outbox import Posting, Priority, post_all
from eventsys.surveys.models import Asked, Survey, SurveyInvitation
from eventsys.tokens import new_token

PORTION = 100
"""People a transaction, so that those who answer meanwhile need not wait long for the survey's lock."""
INVITATION, NO_SHOW = "surveys/invitation", "surveys/no_show"


def is_anybody_left_to_ask(survey: Survey) -> bool:
    """Whether anybody has come (or not come) who has not been asked yet; doors without network tell late."""
    return bool(db.session.scalar(select(exists().where(*_left_to_ask(survey)))))


def number_left_to_ask(survey: Survey) -> int:
    """How many letters go out if it opens now, to those who came and to those who did not."""
    query = select(func.count()).select_from(Attendee).where(*_left_to_ask(survey))
    return db.session.scalar(query) or 0


def invite_portion(survey: Survey, last_moment: datetime, at: datetime) -> int:
    """Ask the next people, with a link and a letter each; returns how many. Under the lock. Flushes only."""
    people = _next_people(survey)
    known = _invitations_of(survey, people)
    asked = [_ask(survey, attendee, known.get(attendee.id), at) for attendee in people]
    db.session.flush()
    post_all([invitation_letter(one, last_moment) for one in asked])
    survey.invited = _number_invited(survey)
    db.session.flush()
    return len(asked)


def invitation_letter(invitation: SurveyInvitation, last_moment: datetime) -> Posting:
    letter = INVITATION if invitation.asked is Asked.ATTENDED else NO_SHOW
    return survey_letter(letter, invitation, f"{invitation.asked.value}:{invitation.id}", last_moment)


def survey_letter(letter: str, invitation: SurveyInvitation, purpose: str, last_moment: datetime) -> Posting:
    """A letter to somebody who was asked; of no use once the survey has closed."""
    attendee = invitation.attendee
    return Posting(
        letter, invitation.id, purpose_key=f"survey:{invitation.survey_id}:{purpose}", address=attendee.email,
        name=attendee.name, lang=attendee.registration.lang, about=f"registration:{attendee.registration_id}",
        priority=Priority.REMINDER, not_after=last_moment,
    )  # fmt: skip


def _next_people(survey: Survey) -> list[Attendee]:
    query = select(Attendee).options(joinedload(Attendee.registration)).where(*_left_to_ask(survey))
    return list(db.session.scalars(query.order_by(Attendee.id).limit(PORTION)))


def _left_to_ask(survey: Survey) -> tuple[ColumnElement[bool], ...]:
    """Who came and was not asked, or only why they stayed away; and who stayed away and was not asked."""
    is_theirs = and_(SurveyInvitation.survey_id == survey.id, SurveyInvitation.attendee_id == Attendee.id)
    is_settled = or_(SurveyInvitation.asked == Asked.ATTENDED, SurveyInvitation.has_answered)
    came = and_(Attendee.state.in_(_came(survey.event)), ~exists().where(is_theirs, is_settled))
    absent = and_(Attendee.state == AttendeeState.NO_SHOW, ~exists().where(is_theirs))
    wanted = or_(came, absent) if _asks_absent(survey) else came
    return Attendee.event_id == survey.event_id, Attendee.email_key != "", wanted


def _came(event: Event) -> tuple[AttendeeState, ...]:
    if event.attendance_closed_at is None:
        return AttendeeState.ATTENDED, AttendeeState.CONFIRMED
    return (AttendeeState.ATTENDED,)


def _asks_absent(survey: Survey) -> bool:
    return survey.asks_no_shows and any(question.asked is Asked.NO_SHOW for question in survey.questions)


def _invitations_of(survey: Survey, people: Sequence[Attendee]) -> dict[int, SurveyInvitation]:
    ids = [attendee.id for attendee in people]
    query = select(SurveyInvitation).where(
        SurveyInvitation.survey_id == survey.id, SurveyInvitation.attendee_id.in_(ids)
    )
    return {row.attendee_id: row for row in db.session.scalars(query)}


def _ask(survey: Survey, attendee: Attendee, row: SurveyInvitation | None, at: datetime) -> SurveyInvitation:
    """A new invitation; of somebody who came after all, the one there was becomes one of those who came."""
    asked = Asked.NO_SHOW if attendee.state is AttendeeState.NO_SHOW else Asked.ATTENDED
    if row is None:
        row = SurveyInvitation(survey=survey, attendee=attendee, token=new_token(), invited_at=at)
        db.session.add(row)
    row.asked = asked
    return row


def _number_invited(survey: Survey) -> int:
    query = select(func.count()).select_from(SurveyInvitation)
    return db.session.scalar(query.where(
        SurveyInvitation.survey_id == survey.id, SurveyInvitation.asked == Asked.ATTENDED
    )) or 0  # fmt: skip
