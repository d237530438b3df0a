"""What surveys keep of one person: that they were asked, and whether they have answered. Never what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.events.belongings import seats_of_person
from eventsys.i18n import day
from eventsys.personal import Forgotten, Keeper, Outcome, Person, Remains, Section
from eventsys.surveys.forgetting import forget_invitations
from eventsys.surveys.models import Survey, SurveyInvitation

_NO_ANSWERS = (
    "Svaren sparas utan person och kan inte vara med här: ingen, inte heller vi, kan veta vilket som är ditt. "
    "Tills gallringsbeslutet säger att uppgifterna får tas bort."
)


def _asked(person: Person) -> Sequence[SurveyInvitation]:
    ids = [one.id for one in seats_of_person(person)]
    query = select(SurveyInvitation).options(joinedload(SurveyInvitation.survey).joinedload(Survey.event))
    return db.session.scalars(query.where(SurveyInvitation.attendee_id.in_(ids)).order_by(SurveyInvitation.id)).all()


def extract(person: Person) -> Sequence[Section]:
    rows = [
        (one.survey.event.title, day(one.invited_at), "Ja" if one.has_answered else "Nej", str(one.reminders))
        for one in _asked(person)
    ]
    columns = ("Evenemang", "Tillfrågad", "Har svarat", "Påminnelser")
    return [Section("Enkäter du fått", columns, rows, _NO_ANSWERS)] if rows else []


def forget(person: Person, _at: datetime) -> Sequence[Outcome]:
    """The links lead nowhere; that somebody was asked stays. Before the events forget whose seats it was. Flushes."""
    stays = remains(person)
    seats = [one.attendee_id for one in _asked(person)]
    return [Forgotten("Enkätlänkar som inte längre gäller", forget_invitations(seats)), *stays]


def remains(person: Person) -> Sequence[Remains]:
    why = "Svaren sparas utan person. Ingen kan veta vilket som är personens."
    return [Remains("Svar på enkäter", why)] if _asked(person) else []


KEEPER = Keeper(
    "surveys", extract, forget, remains=remains,
    tables={"survey_invitation": "who was asked, by the attendee, and whether they have answered"},
)  # fmt: skip
