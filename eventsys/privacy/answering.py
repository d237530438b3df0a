"""Staff answer a request: the extract is handed over, something is corrected, or the answer is no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.outbox import post
from eventsys.personal import Person, keepers
from eventsys.privacy.asking import about
from eventsys.privacy.models import PersonRequest, RequestState
from eventsys.privacy.queries import person_at, request_by_id

DONE, NO = "privacy/request_done", "privacy/request_refused"


class AlreadyAnswered(Refused):
    """Somebody else has answered the request, or it is about to be carried out."""

    def __init__(self) -> None:
        super().__init__("Någon har redan svarat på begäran. Läs in sidan på nytt.")


@dataclass(frozen=True)
class Correction:
    """What the person is called and reached by; what is empty is left as it is."""

    name: str = ""
    phone: str = ""
    phone_e164: str = ""


def open_request(request_id: int) -> PersonRequest:
    """The request under its lock. Raises NotFound, AlreadyAnswered."""
    row = request_by_id(request_id, locked=True)
    if not row.is_open:
        raise AlreadyAnswered
    return row


def close_request(row: PersonRequest, state: RequestState, by: str, at: datetime) -> None:
    row.state, row.handled_by, row.handled_at, row.trouble = state, by[:120], at, ""
    db.session.flush()


def answer_done(request_id: int, by: str, at: datetime) -> PersonRequest:
    """The extract is handed over, or the data are right now; a letter says so.

    Raises NotFound, AlreadyAnswered. Flushes, does not commit.
    """
    row = open_request(request_id)
    close_request(row, RequestState.DONE, by, at)
    _tell(DONE, row)
    audit.record("person_request.done", about(row.id), wish=row.wish.value)
    return row


def answer_no(request_id: int, reason: str, by: str, at: datetime) -> PersonRequest:
    """No, and why (art. 12.4); the letter says how to appeal. Raises NotFound, AlreadyAnswered. Flushes."""
    row = open_request(request_id)
    row.reason = reason
    close_request(row, RequestState.REFUSED, by, at)
    _tell(NO, row)
    audit.record("person_request.refused", about(row.id), wish=row.wish.value)
    return row


def _tell(letter: str, row: PersonRequest) -> None:
    post(
        letter, row.id, purpose_key=f"person_request:answered:{row.id}", address=row.address, name=row.name,
        lang=row.lang, about=about(row.id),
    )  # fmt: skip


def correct(request_id: int, correction: Correction) -> int:
    """Write the right name and number wherever the person stands by themselves. Returns how many rows were changed.

    Another address is changed where it is used, for tickets and letters follow from it. Raises NotFound,
    AlreadyAnswered. Flushes, does not commit.
    """
    row = open_request(request_id)
    person: Person = person_at(row.address)
    changed = sum(
        keeper.correct(person, correction.name, correction.phone, correction.phone_e164) for keeper in keepers()
    )
    row.name = correction.name or row.name
    db.session.flush()
    audit.record("person_request.corrected", about(row.id), rows=changed)
    return changed
