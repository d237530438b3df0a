"""What became of the letters about an event's people, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Select, String, cast, func, literal, select, union_all

from eventsys.database import db
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Event, Registration
from eventsys.mail.models import Delivery, State
from eventsys.paging import Paged

PAGE = 50


class Fate(StrEnum):
    """What became of a letter, in the words of the address."""

    ALL = "alla"
    WAITING = "vantar"
    SENT = "skickade"
    FAILED = "misslyckade"
    UNKNOWN = "okanda"
    SKIPPED = "stoppade"


STATES: dict[Fate, tuple[State, ...]] = {
    Fate.ALL: tuple(State),
    Fate.WAITING: (State.QUEUED, State.CLAIMED, State.IN_FLIGHT, State.DEFERRED),
    Fate.SENT: (State.ACCEPTED,),
    Fate.FAILED: (State.REJECTED, State.BOUNCED, State.COMPLAINED),
    Fate.UNKNOWN: (State.UNKNOWN,),
    Fate.SKIPPED: (State.SKIPPED,),
}


@dataclass(frozen=True)
class Letters(Paged):
    """One page of letters, newest first. `counts` says how many each fate holds."""

    size: ClassVar[int] = PAGE

    letters: Sequence[Delivery]
    total: int
    number: int
    counts: dict[Fate, int]


def letters_of_event(event: Event, fate: Fate = Fate.ALL, page: int = 1) -> Letters:
    """The letters about the event's bookings and invitations with this fate; two queries whatever their number."""
    counts = _counts(event)
    page = max(1, min(page, -(-counts[fate] // PAGE)))
    query = (
        _about(event, select(Delivery))
        .where(Delivery.state.in_(STATES[fate]))
        .order_by(Delivery.changed_at.desc(), Delivery.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Letters(db.session.execute(query).scalars().all(), counts[fate], page, counts)


def letters_of_registration(registration: Registration) -> Sequence[Delivery]:
    """The letters about one booking, newest first."""
    query = select(Delivery).where(Delivery.about == f"registration:{registration.id}")
    return db.session.execute(query.order_by(Delivery.created_at.desc(), Delivery.id.desc())).scalars().all()


def registration_of(letter: Delivery) -> int | None:
    """The id of the booking that a letter is about; None when it is about an invitation."""
    kind, _, number = letter.about.partition(":")
    return int(number) if kind == "registration" else None


def _counts(event: Event) -> dict[Fate, int]:
    query = _about(event, select(Delivery.state, func.count())).group_by(Delivery.state)
    by_state: dict[State, int] = dict(db.session.execute(query).all())
    return {fate: sum(by_state.get(state, 0) for state in states) for fate, states in STATES.items()}


def _about(event: Event, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Joined on the text, so that the index on `about` serves each booking and invitation."""
    bookings = select(literal("registration:") + cast(Registration.id, String)).where(Registration.event_id == event.id)
    invited = select(literal("invitation:") + cast(Invitation.id, String)).where(Invitation.event_id == event.id)
    about = union_all(bookings, invited).subquery("about")
    return query.join(about, Delivery.about == about.c[0])
