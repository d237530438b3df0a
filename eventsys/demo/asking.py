"""Somebody who was at an event asks to see what we keep about them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.audit import PUBLIC
from eventsys.database import db
from eventsys.demo.diary import Diary
from eventsys.events.models import Attendee, AttendeeState, Registration
from eventsys.privacy.asking import Asked, ask, confirm
from eventsys.privacy.models import PersonRequest, Wish

_TEXT = "Jag vill se allt ni har, även anteckningar."


def ask_to_see(at: datetime) -> None:
    """One request that waits for an answer since four days, of a booker who came. Flushes, does not commit."""
    came = select(Registration).join(Registration.attendees).where(Attendee.state == AttendeeState.ATTENDED)
    booker = db.session.scalars(came.order_by(Registration.id).limit(1)).first()
    if booker is None:
        return
    asked = Asked(Wish.EXTRACT, booker.booker_email_key, booker.booker_name, _TEXT)
    asked_at = at - timedelta(days=4)
    diary = Diary(at)
    diary.note(asked_at, lambda then: ask(asked, then), PUBLIC)
    diary.note(asked_at + timedelta(minutes=20), lambda then: confirm(_token(), then), PUBLIC)
    diary.live()


def _token() -> str:
    return db.session.scalars(select(PersonRequest.token)).one()
