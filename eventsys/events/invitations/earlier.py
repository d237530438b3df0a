"""Guests from earlier events: who came, or was registered, by their newest registration."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload

from eventsys.database import db
from eventsys.events.invitations.inviting import Guest
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import ACTIVE, Attendee, AttendeeState, Event, EventState

MOST = 2000  # people on one page to choose from


class Took(StrEnum):
    """Which people of an earlier event."""

    CAME = "kom"
    REGISTERED = "anmalda"


STATES = {Took.CAME: (AttendeeState.ATTENDED,), Took.REGISTERED: ACTIVE}


@dataclass(frozen=True)
class Earlier:
    """Somebody who could be invited; `is_listed` when the address is on the guest list already."""

    attendee: Attendee
    is_listed: bool


def earlier_events(reach: ColumnElement[bool], at: datetime, but: int) -> list[Event]:
    """Events within reach that have begun, newest first, without the one that is being planned."""
    query = (
        select(Event)
        .options(joinedload(Event.series))
        .where(reach, Event.state == EventState.PUBLISHED, Event.starts_at <= at, Event.id != but)
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
    return list(db.session.execute(query).scalars())


def people_of_earlier(
    reach: ColumnElement[bool], at: datetime, event_ids: Collection[int], took: Took, inviting: int
) -> list[Earlier]:
    """Everybody of these events within reach, one for each address, by name; `inviting` is the event being planned."""
    query = _people(reach, at).where(Event.id.in_(list(event_ids)), Attendee.state.in_(STATES[took]))
    newest: dict[str, Attendee] = {}
    for attendee in db.session.execute(query.order_by(Event.starts_at, Attendee.id)).scalars():
        if attendee.address_claim is not None or attendee.email_key not in newest:
            newest[attendee.email_key] = attendee
    listed = _listed(inviting)
    people = sorted(newest.values(), key=lambda one: (one.sort_key, one.id))[:MOST]
    return [Earlier(one, one.email_key in listed) for one in people]


def _people(reach: ColumnElement[bool], at: datetime) -> Select[Attendee]:
    return (
        select(Attendee)
        .join(Attendee.event)
        .options(contains_eager(Attendee.event), joinedload(Attendee.registration))
        .where(reach, Event.state == EventState.PUBLISHED, Event.starts_at <= at)
        .where(Attendee.email_key != "")  # let in at the door without one, or forgotten: nobody to invite
    )


def _listed(event_id: int) -> set[str]:
    off = (InvitationState.WITHDRAWN, InvitationState.REFUSED, InvitationState.REQUESTED)
    query = select(Invitation.email_key).where(Invitation.event_id == event_id, Invitation.state.not_in(off))
    return set(db.session.execute(query).scalars())


def guests_from(reach: ColumnElement[bool], at: datetime, attendee_ids: Collection[int]) -> list[Guest]:
    """These people of earlier events within reach, as guests; ids out of reach are passed over."""
    query = _people(reach, at).where(Attendee.id.in_(list(attendee_ids))).order_by(Attendee.id)
    return [_guest(one) for one in db.session.execute(query).scalars()]


def _guest(attendee: Attendee) -> Guest:
    registration = attendee.registration
    return Guest(
        attendee.email,
        attendee.email_key,
        attendee.name,
        registration.company_name,
        registration.company_number,
        attendee.phone,
        registration.lang,
    )


def origin_of(events: Sequence[Event], took: Took) -> str:
    """Where these guests come from, as the list shows it."""
    verb = "Deltog i" if took is Took.CAME else "Anmälda till"
    return f"{verb} {', '.join(event.title for event in events)}"[:160]
