"""Reading invitations: by link, by id, and how many stand where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.standing import ANSWERED, INVITED, ON_THE_LIST, Standing, standing
from eventsys.events.models import ACTIVE, Attendee, Event, EventState, Registration

# Who asked for a place and was let in keeps this as the origin, so that the quota for others can be counted.
ASKED = "Bad om en plats"

_NO_LINK = (InvitationState.REQUESTED, InvitationState.REFUSED)


def invitation_by_token(token: str) -> Invitation:
    """The invitation a personal link opens, with its event. Raises NotFound for forged links and drafts."""
    query = (
        select(Invitation)
        .options(joinedload(Invitation.event).joinedload(Event.series), joinedload(Invitation.attendee))
        .where(Invitation.token == token)
    )
    found = db.session.execute(query).scalar_one_or_none()
    if found is None or found.state in _NO_LINK or found.event.state is EventState.DRAFT:
        raise NotFound
    return found


def invitation_of(event_id: int, invitation_id: int) -> Invitation:
    """An invitation of this event. Raises NotFound."""
    found = db.session.get(Invitation, invitation_id, options=[joinedload(Invitation.attendee)])
    if found is None or found.event_id != event_id:
        raise NotFound
    return found


def chosen(event_id: int, ids: Collection[int]) -> list[Invitation]:
    """These invitations of the event, by name. Raises NotFound when one of them is not of this event."""
    wanted = set(ids)
    query = select(Invitation).options(joinedload(Invitation.attendee)).where(Invitation.event_id == event_id)
    query = query.where(Invitation.id.in_(wanted)).order_by(Invitation.sort_key, Invitation.id)
    found = list(db.session.execute(query).scalars())
    if len(found) != len(wanted):
        raise NotFound
    return found


def invitations_in(event_id: int, state: InvitationState) -> list[Invitation]:
    """The event's invitations in a state, by name."""
    query = select(Invitation).where(Invitation.event_id == event_id, Invitation.state == state)
    return list(db.session.execute(query.order_by(Invitation.sort_key, Invitation.id)).scalars())


def silent_invited(event_id: int) -> list[Invitation]:
    """Who has an invitation and has neither answered it nor registered otherwise, by name."""
    asked = invitations_in(event_id, InvitationState.SENT)
    known = registered_under(event_id, [one.email_key for one in asked]) if asked else {}
    return [one for one in asked if one.email_key not in known]


def has_invitations(event_id: int) -> bool:
    return db.session.execute(select(Invitation.id).where(Invitation.event_id == event_id).limit(1)).first() is not None


def colleague_of(invitation: Invitation) -> Invitation | None:
    """Who was handed this invitation last, unless staff have withdrawn theirs."""
    query = (
        select(Invitation)
        .options(joinedload(Invitation.attendee))
        .where(Invitation.handed_from_id == invitation.id, Invitation.state != InvitationState.WITHDRAWN)
        .order_by(Invitation.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


@dataclass(frozen=True)
class Overview:
    """How many stand where; `by_colleague` of those who come were named by somebody invited."""

    counts: dict[Standing, int]
    by_colleague: int

    def __getitem__(self, one: Standing) -> int:
        return self.counts[one]

    @property
    def on_the_list(self) -> int:
        return sum(self.counts[one] for one in ON_THE_LIST)

    @property
    def invited(self) -> int:
        return sum(self.counts[one] for one in INVITED)

    @property
    def answered(self) -> int:
        return sum(self.counts[one] for one in ANSWERED)


def overview(event_id: int) -> Overview:
    """The numbers of the guest list, counted from its rows in one query."""
    handed = Invitation.handed_from_id.is_not(None)
    query = (
        select(Invitation.state, Attendee.state, handed, func.count())
        .outerjoin(Attendee, Invitation.attendee_id == Attendee.id)
        .where(Invitation.event_id == event_id)
        .group_by(Invitation.state, Attendee.state, handed)
    )
    counts, by_colleague = dict.fromkeys(Standing, 0), 0
    for state, seat, was_handed, count in db.session.execute(query):
        stands = standing(state, seat)
        counts[stands] += count
        by_colleague += count if was_handed and stands is Standing.YES else 0
    return Overview(counts, by_colleague)


def registered_under(event_id: int, addresses: Collection[str]) -> dict[str, int]:
    """Who is registered at the event already: address -> id of the attendee who holds it."""
    query = select(Attendee.address_claim, Attendee.id).where(
        Attendee.event_id == event_id, Attendee.state.in_(ACTIVE), Attendee.address_claim.in_(set(addresses))
    )
    return {address: attendee_id for address, attendee_id in db.session.execute(query) if address is not None}


def granted_requests(event_id: int) -> int:
    """How many who asked for a place have one, or a place in the queue."""
    query = (
        select(func.count())
        .select_from(Invitation)
        .join(Attendee, Invitation.attendee_id == Attendee.id)
        .where(Invitation.event_id == event_id, Invitation.origin == ASKED, Attendee.state.in_(ACTIVE))
    )
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class CompanySeats:
    """One company at one event."""

    name: str
    number: str | None
    invited: int
    seats: int


def seats_used(event_id: int, name: str, number: str | None) -> int:
    """How many active people a company has at the event, by its number, or by its name where a number is missing."""
    return sum(
        count for other, other_number, count in _people_by_company(event_id)
        if same_company(name, number, other, other_number)
    )  # fmt: skip


def same_company(name: str, number: str | None, other: str, other_number: str | None) -> bool:
    """The same number; where one of them has none, the same name. Nobody without a name is anybody's colleague."""
    if number and other_number:
        return number == other_number
    return bool(name) and _plain(name) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _people_by_company(event_id: int) -> list[tuple[str, str | None, int]]:
    query = (
        select(Registration.company_name, Registration.company_number, func.count())
        .join(Attendee, Attendee.registration_id == Registration.id)
        .where(Attendee.event_id == event_id, Attendee.state.in_(ACTIVE))
        .group_by(Registration.company_name, Registration.company_number)
    )
    return [(name, number, count) for name, number, count in db.session.execute(query)]


def seats_by_company(event_id: int) -> list[CompanySeats]:
    """Each invited company with how many of its people are invited and how many seats it uses, by name."""
    query = select(Invitation.company_name, Invitation.company_number).where(
        Invitation.event_id == event_id, Invitation.state.not_in((*_NO_LINK, InvitationState.WITHDRAWN))
    )
    companies: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for name, number in db.session.execute(query.order_by(Invitation.company_name)):
        if name or number:
            companies.setdefault(("number", number) if number else ("name", _plain(name)), []).append((name, number))
    people = _people_by_company(event_id)
    rows = [_company_row(asked, people) for asked in companies.values()]
    return sorted(rows, key=lambda row: _plain(row.name))


def _company_row(asked: list[tuple[str, str | None]], people: list[tuple[str, str | None, int]]) -> CompanySeats:
    name, number = asked[0]
    used = sum(count for other, other_number, count in people if same_company(name, number, other, other_number))
    return CompanySeats(name, number, len(asked), used)
