"""Events that have been, with people who came and did not, and browsers signed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.access import give_series
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.staff.models import Account, Role
from tests.factories import make_event, make_registration
from tests.staff_fixtures import (  # noqa: F401
    Visitor,
    administrator,
    co_organiser,
    editor,
    host,
    new_account,
    organiser,
    see_anew,
    signed_in_client,
    visitor_as,
)

CONFIRMED, ATTENDED, NO_SHOW = AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW
WAITING, EXPIRED = AttendeeState.WAITING, AttendeeState.EXPIRED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_past(people: int | Sequence[Any] = 3, ended: timedelta = 3 * HOUR, **given: Any) -> Event:
    """An event that ended so long ago, with people who registered in time."""
    event = make_event(**given)
    registered = people if isinstance(people, int) else list(people)
    if registered:
        make_registration(event, registered)
    shift_to_the_past(event, ended)
    return event


def shift_to_the_past(event: Event, ended: timedelta) -> None:
    with transaction():
        row = db.session.get(Event, event.id)
        assert row is not None
        row.ends_at = now() - ended
        row.starts_at = row.ends_at - HOUR


def check_in(attendee: Attendee, at: datetime | None = None) -> None:
    """As a door does it."""
    with transaction():
        row = db.session.get(Attendee, attendee.id)
        assert row is not None
        row.state, row.checked_in_at = ATTENDED, at or now()


def people(event: Event) -> list[Attendee]:
    """Everybody ever at the event, by name, as the table has them now."""
    see_anew()
    query = select(Attendee).where(Attendee.event_id == event.id).order_by(Attendee.sort_key, Attendee.id)
    return list(db.session.execute(query).scalars())


def states(event: Event) -> list[AttendeeState]:
    return [one.state for one in people(event)]


def trail(action: str) -> list[AuditEntry]:
    """The entries of the audit trail of this kind, oldest first."""
    see_anew()
    return list(
        db.session.execute(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)).scalars()
    )


@pytest.fixture
def staff(app: Flask, organiser: Account) -> Visitor:  # noqa: F811
    """A browser signed in as organiser."""
    return visitor_as(app, organiser)


def partner_of(app: Flask, event: Event) -> Visitor:
    """A browser of a co-organiser who was given the event's series."""
    account = new_account(Role.CO_ORGANISER)
    with transaction():
        give_series(account.id, [event.series_id])
    return visitor_as(app, account)
