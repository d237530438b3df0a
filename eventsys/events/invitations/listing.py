"""The guest list, read page by page: search and filter are done by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from eventsys.database import db
from eventsys.events.invitations.models import Invitation
from eventsys.events.invitations.standing import ANSWERED, INVITED, ON_THE_LIST, Standing, stands_in
from eventsys.events.listing import anywhere
from eventsys.events.models import Attendee
from eventsys.mail.models import Delivery
from eventsys.names import collated
from eventsys.paging import Paged

PAGE = 50

# What the list may show, by the word in the address: one standing, or several that a number counts together.
GROUPS: dict[str, tuple[Standing, ...]] = {
    "": tuple(one for one in Standing if one not in (Standing.WITHDRAWN, Standing.REFUSED)),
    "lista": ON_THE_LIST,
    "inbjudna": INVITED,
    "svarat": ANSWERED,
    **{one.value: (one,) for one in Standing},
}
BY_COLLEAGUE = "ja_kollega"


@dataclass(frozen=True)
class Wanted:
    """What of the list is wanted; `group` is a key of GROUPS or BY_COLLEAGUE."""

    text: str = ""
    group: str = ""
    page: int = 1


@dataclass(frozen=True)
class Guests(Paged):
    """One page of the list."""

    size: ClassVar[int] = PAGE

    guests: Sequence[Invitation]
    total: int
    number: int


def guests_of(event_id: int, wanted: Wanted) -> Guests:
    """The page of the guest list that is wanted, by name; a number too high gives the last page."""
    conditions = _conditions(event_id, wanted)
    total = db.session.scalar(_joined(select(func.count(Invitation.id))).where(*conditions)) or 0
    page = max(1, min(wanted.page, -(-total // PAGE)))
    query = (
        _joined(select(Invitation))
        .options(contains_eager(Invitation.attendee), selectinload(Invitation.handed_from))
        .where(*conditions)
        .order_by(Invitation.sort_key, Invitation.email_key)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Guests(db.session.execute(query).scalars().all(), total, page)


def _joined(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(Attendee, Invitation.attendee_id == Attendee.id)


def _conditions(event_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [Invitation.event_id == event_id]
    if wanted.group == BY_COLLEAGUE:
        conditions += [stands_in(Standing.YES), Invitation.handed_from_id.is_not(None)]
    else:
        conditions.append(stands_in(*GROUPS[wanted.group]))
    return [*conditions, *(_holds(word) for word in wanted.text.split()[:8])]


def _holds(word: str) -> ColumnElement[bool]:
    """The word stands somewhere in the name, address, company or number of a guest."""
    places = [
        Invitation.sort_key.contains(collated(word), autoescape=True),
        Invitation.email_key.contains(word.lower(), autoescape=True),
        anywhere(Invitation.company_name, word),
    ]
    digits = "".join(character for character in word if character.isdigit())
    if len(digits) >= 4 and not any(character.isalpha() for character in word):
        places.append(Invitation.company_number.contains(digits))
    return or_(*places)


def letters_of(guests: Sequence[Invitation]) -> dict[int, Delivery]:
    """The newest letter about each of these invitations: id of the invitation -> its delivery."""
    about = {f"invitation:{guest.id}": guest.id for guest in guests}
    query = select(Delivery).where(Delivery.about.in_(about)).order_by(Delivery.id)
    return {about[letter.about]: letter for letter in db.session.execute(query).scalars()}
