"""Who was asked stays as a number, and whether they have answered; the link they had leads nowhere any more."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from eventsys.database import db
from eventsys.personal import portions
from eventsys.surveys.models import SurveyInvitation
from eventsys.tokens import new_token


def forget_invitations(attendee_ids: Collection[int]) -> int:
    """Invitations of these people. Answers know nobody, so there is nothing to forget in them. Returns how many.

    Flushes, does not commit.
    """
    done = 0
    for some in portions(attendee_ids):
        ids = db.session.scalars(select(SurveyInvitation.id).where(SurveyInvitation.attendee_id.in_(some))).all()
        if ids:
            db.session.execute(update(SurveyInvitation), [{"id": one, "token": new_token()} for one in ids])
        done += len(ids)
    db.session.expire_all()
    return done
