"""Which events an account may work with, and what it may do there.

Administrators and organisers reach every event, editors too but without people, co-organisers those of the series they
were given, hosts the published events of today. An id in an address that is out of reach answers as if there were none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, delete, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventsys import audit
from eventsys.clock import from_local, local, now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import (
    Answer,
    Attendee,
    Event,
    EventState,
    Question,
    Registration,
    Series,
    SeriesAccess,
    Source,
)
from eventsys.events.queries import in_order
from eventsys.staff.models import Account, Role
from eventsys.staff.queries import locked_account

T = TypeVar("T")

# Administrators may enter everywhere; the guards know that by themselves.
PLANNERS = (Role.ORGANISER, Role.CO_ORGANISER)
WRITERS = (*PLANNERS, Role.EDITOR)
PEOPLE_READERS = (*PLANNERS, Role.HOST)
EVERYBODY = tuple(Role)


@dataclass(frozen=True)
class Powers:
    """What somebody may do with the events within reach; templates ask it what to offer."""

    plan: bool  # dates, seats, publishing, people, letters
    write: bool  # texts and posters
    see_people: bool


def powers_of(account: Account) -> Powers:
    is_administrator = account.role is Role.ADMINISTRATOR
    return Powers(
        plan=is_administrator or account.role in PLANNERS,
        write=is_administrator or account.role in WRITERS,
        see_people=is_administrator or account.role in PEOPLE_READERS,
    )


# --- events -------------------------------------------------------------------------------------------------------


def within_reach(account: Account, at: datetime) -> ColumnElement[bool]:
    """A condition on Event: those that this account may open at this moment."""
    if account.role is Role.CO_ORGANISER:
        return Event.series_id.in_(_series_given_to(account.id))
    if account.role is Role.HOST:
        begins, ends = _today(at)
        return (Event.state == EventState.PUBLISHED) & (Event.starts_at < ends) & (Event.ends_at >= begins)
    return true()


def _series_given_to(account_id: int) -> Select[int]:
    return select(SeriesAccess.series_id).where(SeriesAccess.account_id == account_id)


def _today(at: datetime) -> tuple[datetime, datetime]:
    midnight = datetime.combine(local(at).date(), time.min)
    return from_local(midnight), from_local(midnight + timedelta(days=1))


def event_for(account: Account, event_id: int) -> Event:
    """The event, if the account may work with it. Raises NotFound."""
    query = select(Event).options(joinedload(Event.series)).where(Event.id == event_id, within_reach(account, now()))
    return _found(db.session.execute(query).scalar_one_or_none())


def source_for(account: Account, event_id: int, source_id: int) -> Source:
    """A named QR code of an event within reach. Raises NotFound."""
    query = (
        select(Source)
        .join(Source.event)
        .options(contains_eager(Source.event).joinedload(Event.series))
        .where(Source.id == source_id, Source.event_id == event_id, within_reach(account, now()))
    )
    return _found(db.session.execute(query).scalar_one_or_none())


# --- bookings -----------------------------------------------------------------------------------------------------


def registration_for(account: Account, registration_id: int) -> Registration:
    """A booking with its people, answers and event, if the event is within reach. Raises NotFound."""
    query = (
        select(Registration)
        .join(Registration.event)
        .options(
            contains_eager(Registration.event).joinedload(Event.series),
            selectinload(Registration.attendees).selectinload(Attendee.answers).joinedload(Answer.question),
        )
        .where(Registration.id == registration_id, within_reach(account, now()))
    )
    return _found(db.session.execute(query).scalar_one_or_none())


def attendee_for(account: Account, registration_id: int, attendee_id: int) -> Attendee:
    """A person of a booking within reach. Raises NotFound."""
    registration = registration_for(account, registration_id)
    return _found(next((one for one in registration.attendees if one.id == attendee_id), None))


# --- series -------------------------------------------------------------------------------------------------------


def series_open_to(account: Account, archived: bool = False) -> list[Series]:
    """The series this account may work with, by name in Swedish order; archived ones on request, last."""
    query = select(Series)
    if not archived:
        query = query.where(Series.archived_at.is_(None))
    if account.role is Role.CO_ORGANISER:
        query = query.where(Series.id.in_(_series_given_to(account.id)))
    return in_order(db.session.scalars(query))


def series_for(account: Account, series_id: int) -> Series:
    """A series within reach, with its questions. Raises NotFound."""
    query = select(Series).options(selectinload(Series.questions)).where(Series.id == series_id)
    if account.role is Role.CO_ORGANISER:
        query = query.where(Series.id.in_(_series_given_to(account.id)))
    return _found(db.session.execute(query).scalar_one_or_none())


def question_for(account: Account, series_id: int, question_id: int) -> Question:
    """An own question of a series within reach. Raises NotFound."""
    questions = series_for(account, series_id).questions
    return _found(next((question for question in questions if question.id == question_id), None))


def series_given_to(account_id: int) -> set[int]:
    """Ids of the series that a co-organiser works with."""
    return set(db.session.execute(_series_given_to(account_id)).scalars())


def give_series(account_id: int, series_ids: Iterable[int]) -> None:
    """Let an account work with exactly these series. Raises NotFound. Flushes, does not commit."""
    _found(locked_account(Account.id == account_id))
    wanted = sorted(set(series_ids))
    db.session.execute(delete(SeriesAccess).where(SeriesAccess.account_id == account_id))
    db.session.add_all(SeriesAccess(account_id=account_id, series_id=series_id) for series_id in wanted)
    audit.record("account.series_given", f"account:{account_id}", series=wanted)
    db.session.flush()


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
