"""Forgetting a person: decided by staff, told by a last letter, and carried out when that letter has left.

Afterwards nobody knows the address, so the letter goes first. What was decided stands on the request's row; the clock
finds it, also after a crash, and carries it out in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.forgetting import are_on_their_way
from eventsys.mail.models import WAITING, Delivery
from eventsys.mail.outbox import post
from eventsys.personal import Forgotten, Outcome, Person, keepers
from eventsys.privacy.answering import close_request, open_request
from eventsys.privacy.asking import about
from eventsys.privacy.erased_list import note_erased
from eventsys.privacy.models import PersonRequest, RequestState
from eventsys.privacy.queries import coming_of, person_at, remains_of, request_by_id

LAST_LETTER = "privacy/request_erased"
GIVEN_UP_AFTER = timedelta(days=2)
"""A letter that has not left by then does not hold up the erasing any longer."""


class SomethingComing(Refused):
    """The person has a seat ahead, or booked one for somebody."""

    def __init__(self) -> None:
        super().__init__("Personen har något kommande kvar. Avboka eller lämna över det först, radera sedan.")


def decide_to_erase(request_id: int, by: str, at: datetime) -> PersonRequest:
    """From now on the person will be forgotten, as soon as the letter that says so has left, or failed for good.

    Raises NotFound, AlreadyAnswered, SomethingComing. Flushes, does not commit.
    """
    row = open_request(request_id)
    person = person_at(row.address)
    if coming_of(person, at):
        raise SomethingComing
    row.outcome = [_told(one) for one in remains_of(person)]
    row.state, row.handled_by, row.handled_at, row.trouble = RequestState.ERASING, by[:120], at, ""
    letter = post(
        LAST_LETTER, row.id, purpose_key=f"person_request:erased:{row.id}:{at:%Y%m%d%H%M%S}", address=row.address,
        name=row.name, lang=row.lang, about=about(row.id), not_after=at + GIVEN_UP_AFTER,
    )  # fmt: skip
    row.last_letter_id = letter.id if letter else None
    audit.record("person_request.erasing_decided", about(row.id))
    db.session.flush()
    return row


def _told(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome)


def requests_to_erase() -> Sequence[int]:
    """Decided, and told: their last letter has left, or will not. For the tick."""
    query = (
        select(PersonRequest.id)
        .outerjoin(Delivery, Delivery.id == PersonRequest.last_letter_id)
        .where(PersonRequest.state == RequestState.ERASING)
        .where(or_(Delivery.id.is_(None), Delivery.state.not_in(WAITING)))
        .order_by(PersonRequest.id)
    )
    return db.session.scalars(query).all()


def erase(request_id: int, at: datetime) -> bool:
    """Forget the person everywhere, at once; False when that must wait a moment, or must not happen after all.

    Harmless when it is done already. A worker that talks to the mail server about another letter to the address is
    waited for. Whoever has booked something meanwhile is not erased: the request waits for staff again, and says why.
    Raises NotFound. Flushes, does not commit.
    """
    row = request_by_id(request_id, locked=True)
    if row.state is not RequestState.ERASING or not _has_been_told(row) or are_on_their_way(row.address):
        return False
    person = person_at(row.address)
    if coming_of(person, at):
        row.state, row.trouble = RequestState.WAITING, str(SomethingComing())
        db.session.flush()
        return False
    handled_by, decided_at = row.handled_by, row.handled_at
    note_erased(person.address, at)
    outcome = forget_person(person, at)
    close_request(row, RequestState.DONE, handled_by, decided_at or at)
    row.outcome = [_told(one) for one in outcome]
    audit.record("person_request.erased", about(row.id), rows=_rows(outcome))
    db.session.flush()
    return True


def _has_been_told(row: PersonRequest) -> bool:
    letter = db.session.get(Delivery, row.last_letter_id, populate_existing=True) if row.last_letter_id else None
    return letter is None or letter.state not in WAITING


def forget_person(person: Person, at: datetime) -> list[Outcome]:
    """Every keeper forgets, the highest floors first: they find their rows by those below. Flushes."""
    outcome = [one for keeper in keepers() for one in keeper.forget(person, at)]
    return [one for one in outcome if not isinstance(one, Forgotten) or one.number]


def _rows(outcome: Sequence[Outcome]) -> int:
    return sum(one.number for one in outcome if isinstance(one, Forgotten))
