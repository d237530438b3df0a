"""Reading events, bookings and people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import (
    ACTIVE,
    Attendee,
    AttendeeState,
    Event,
    EventState,
    Question,
    Registration,
    RevokedTicket,
    Series,
    Source,
)
from eventsys.names import collated

# --- events -------------------------------------------------------------------------------------------------------

# Asked again and again while many register: built once, which halves their cost.
_BY_SLUG = (
    select(Event)
    .options(joinedload(Event.series))
    .where(Event.slug == bindparam("slug"), Event.state != EventState.DRAFT)
)
_ASKED = (
    select(Question)
    .where(Question.series_id == bindparam("series_id"), Question.retired_at.is_(None))
    .order_by(Question.position, Question.id)
)
_BOOKING = (
    select(Registration)
    .options(
        joinedload(Registration.event).joinedload(Event.series),
        selectinload(Registration.attendees).joinedload(Attendee.diet),
    )
    .where(Registration.token == bindparam("token"))
)


def event_by_slug(slug: str) -> Event:
    """A published or cancelled event by its address. Raises NotFound for drafts and unknown ones."""
    event = db.session.execute(_BY_SLUG, {"slug": slug}).scalar_one_or_none()
    if event is None:
        raise NotFound
    return event


def event_by_id(event_id: int) -> Event:
    """Any event, drafts included. Raises NotFound."""
    event = db.session.get(Event, event_id, options=[joinedload(Event.series)])
    if event is None:
        raise NotFound
    return event


def public_events(at: datetime, series_slug: str = "") -> list[Event]:
    """What the calendar shows: published and cancelled events of public series that are not over, soonest first."""
    query = (
        select(Event)
        .join(Event.series)
        .options(contains_eager(Event.series))
        .where(Event.state != EventState.DRAFT, Event.ends_at > at, Series.public.is_(True))
        .order_by(Event.starts_at, Event.id)
    )
    if series_slug:
        query = query.where(Series.slug == series_slug)
    return list(db.session.execute(query).scalars())


def public_series(at: datetime) -> list[Series]:
    """Series with something in the calendar, by name in Swedish order."""
    query = (
        select(Series)
        .where(Series.public.is_(True), Series.archived_at.is_(None))
        .where(Series.id.in_(select(Event.series_id).where(Event.state != EventState.DRAFT, Event.ends_at > at)))
    )
    return in_order(db.session.scalars(query))


def series_of_letters() -> list[Series]:
    """Series whose invitations anybody may ask for: public ones that still go on."""
    query = select(Series).where(Series.public.is_(True), Series.archived_at.is_(None)).order_by(Series.id)
    return list(db.session.scalars(query))


def in_order(series: Iterable[Series]) -> list[Series]:
    """By name in Swedish order, which no collation of the databases gives; archived ones last."""
    return sorted(series, key=lambda one: (one.archived_at is not None, collated(one.name), one.id))


def questions_asked(event: Event) -> list[Question]:
    """The own questions of the event's series that are asked now, in their order."""
    return list(db.session.execute(_ASKED, {"series_id": event.series_id}).scalars())


# --- bookings -----------------------------------------------------------------------------------------------------


def booking_by_token(token: str) -> tuple[Registration, list[Attendee]]:
    """What a manage link opens: the whole booking for its booker, one person for that person's own link.

    Raises NotFound for a forged link.
    """
    registration = db.session.execute(_BOOKING, {"token": token}).scalar_one_or_none()
    if registration is not None:
        return registration, list(registration.attendees)
    attendee = db.session.execute(select(Attendee).where(Attendee.token == token)).scalar_one_or_none()
    if attendee is None:
        raise NotFound
    return attendee.registration, [attendee]


def attendee_by_ticket(code: str) -> Attendee:
    """Whose ticket this is. Raises NotFound; see `revoked_ticket` for codes that were valid once."""
    query = (
        select(Attendee)
        .options(joinedload(Attendee.event), joinedload(Attendee.registration))
        .where(Attendee.ticket_code == code)
    )
    attendee = db.session.execute(query).scalar_one_or_none()
    if attendee is None:
        raise NotFound
    return attendee


def revoked_ticket(code: str) -> RevokedTicket | None:
    return db.session.get(RevokedTicket, code)


def coming_under_address(email_key: str, at: datetime) -> list[Attendee]:
    """Everything not yet over that is booked under an address, as booker or as attendee, soonest first."""
    query = (
        select(Attendee)
        .join(Attendee.event)
        .join(Attendee.registration)
        .options(contains_eager(Attendee.event), contains_eager(Attendee.registration))
        .where(Attendee.state.in_(ACTIVE), Event.ends_at > at)
        .where(or_(Attendee.email_key == email_key, Registration.booker_email_key == email_key))
        .order_by(Event.starts_at, Attendee.id)
    )
    return list(db.session.execute(query).scalars())


def source_by_code(code: str) -> Source:
    """Raises NotFound."""
    source = db.session.execute(select(Source).where(Source.code == code)).scalar_one_or_none()
    if source is None:
        raise NotFound
    return source


def people_in_state(event: Event, *wanted: AttendeeState) -> list[Attendee]:
    """The event's people in these states, in Swedish order of names."""
    query = (
        select(Attendee)
        .options(joinedload(Attendee.registration))
        .where(Attendee.event_id == event.id, Attendee.state.in_(wanted))
        .order_by(Attendee.sort_key, Attendee.id)
    )
    return list(db.session.execute(query).scalars())
