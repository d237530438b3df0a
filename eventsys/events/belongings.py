"""Which bookings, seats and invitations are one person's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from eventsys.database import db
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Attendee, Event, Registration, Series
from eventsys.personal import (
    Person,
)


def bookings_of(person: Person) -> Sequence[Registration]:
    """What the person booked, oldest first."""
    query = select(Registration).options(joinedload(Registration.event), selectinload(Registration.attendees))
    mine = query.where(Registration.booker_email_key == person.address)
    return db.session.scalars(mine.order_by(Registration.id)).all()


def seats_of_person(person: Person) -> list[Attendee]:
    """The person's own seats, oldest first: not those of colleagues who were booked under the same address."""
    return [one for one in _under_address(person.address) if _is_own(one, person.address)]


def colleagues_under_address(person: Person) -> list[Attendee]:
    """Others whom the person booked without an address of their own."""
    return [one for one in _under_address(person.address) if not _is_own(one, person.address)]


def _under_address(address: str) -> Sequence[Attendee]:
    query = (
        select(Attendee)
        .options(joinedload(Attendee.event), joinedload(Attendee.registration))
        .where(Attendee.email_key == address)
        .order_by(Attendee.id)
    )
    return db.session.scalars(query).all()


def _is_own(attendee: Attendee, address: str) -> bool:
    """Whoever books others may leave their addresses out; then the booker's stands at them too."""
    booking = attendee.registration
    return booking.booker_email_key != address or booking.booker_name.casefold() == attendee.name.casefold()


def invitations_of(person: Person) -> Sequence[Invitation]:
    """Invitations to the person, oldest first."""
    query = select(Invitation).options(joinedload(Invitation.event)).where(Invitation.email_key == person.address)
    return db.session.scalars(query.order_by(Invitation.id)).all()


def as_contact(person: Person) -> Iterator[tuple[str, Event | Series]]:
    """(what it is called, the row) of events and series that name the person as whom to ask."""
    for event in db.session.scalars(select(Event).where(func.lower(Event.contact_email) == person.address)):
        yield event.title, event
    for series in db.session.scalars(select(Series).where(func.lower(Series.contact_email) == person.address)):
        yield series.name, series
