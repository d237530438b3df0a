"""Whoever leaves an event leaves its sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from eventsys.database import db
from eventsys.events.models import Attendee
from eventsys.events.programme.models import ChoiceState, SessionChoice


def leave_sessions(attendee: Attendee, at: datetime) -> None:
    """End what a person holds and waits for. Whoever calls this gives on what comes free, by `promote_sessions`."""
    db.session.execute(
        update(SessionChoice)
        .where(SessionChoice.attendee_id == attendee.id, SessionChoice.state != ChoiceState.LEFT)
        .values(state=ChoiceState.LEFT, left_at=at)
    )
