"""The letters by name, for the mail slice: from a delivery's row to the letter, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Callable

from eventsys.clock import now
from eventsys.mail.compose import Email
from eventsys.mail.letters import Letter, subject_of
from eventsys.mail.models import Delivery
from eventsys.privacy import emails
from eventsys.privacy.answering import DONE, NO
from eventsys.privacy.asking import CONFIRM, RECEIVED
from eventsys.privacy.erasing import LAST_LETTER
from eventsys.privacy.models import PersonRequest, RequestState

SETTLED = "begäran är redan bekräftad"
ENDED = "länken i brevet gäller inte längre"
OTHER_ADDRESS = "begäran har ingen adress längre"
NOT_ERASED = "personen ska inte raderas längre"


def _row(delivery: Delivery) -> PersonRequest:
    return subject_of(PersonRequest, delivery)


def _letter(make: Callable[[PersonRequest], Email], why_not: Callable[[PersonRequest], str] = lambda _: "") -> Letter:
    def unwanted(delivery: Delivery) -> str:
        row = _row(delivery)
        return OTHER_ADDRESS if row.address != delivery.address else why_not(row)

    return Letter(lambda delivery: make(_row(delivery)), unwanted)


def _is_settled(row: PersonRequest) -> str:
    if row.state is not RequestState.ASKED:
        return SETTLED
    return ENDED if now() >= row.ends_at else ""


def _is_not_erased(row: PersonRequest) -> str:
    return "" if row.state is RequestState.ERASING else NOT_ERASED


LETTERS = {
    CONFIRM: _letter(emails.confirm_request, _is_settled),
    RECEIVED: _letter(emails.request_received),
    DONE: _letter(emails.request_done),
    NO: _letter(emails.request_refused),
    LAST_LETTER: _letter(emails.request_erased, _is_not_erased),
}
