"""The letters about subscribing, by name: from a delivery's row to the letter, and whether it is still wanted."""

from __future__ import annotations

from eventsys.clock import now
from eventsys.mail.compose import Email
from eventsys.mail.letters import Letter, subject_of
from eventsys.mail.models import Delivery
from eventsys.newsletters.subscriptions import emails
from eventsys.newsletters.subscriptions.models import SignUp
from eventsys.newsletters.subscriptions.queries import lists_in, lists_of, reader_by_id, waiting_sign_ups
from eventsys.newsletters.subscriptions.signing_up import ALREADY, CONFIRM, CONFIRM_ADDRESS

SETTLED = "frågan är redan besvarad"
ENDED = "länken i brevet gäller inte längre"
OTHER_ADDRESS = "läsaren har bytt adress"


def _sign_up(delivery: Delivery) -> SignUp:
    return subject_of(SignUp, delivery)


def _confirm_subscription(delivery: Delivery) -> Email:
    asked = _sign_up(delivery)
    return emails.confirm_subscription(asked, lists_in(waiting_sign_ups(asked.address, now())), delivery.lang)


def _confirm_address(delivery: Delivery) -> Email:
    return emails.confirm_address(_sign_up(delivery), delivery.lang)


def _already_subscribed(delivery: Delivery) -> Email:
    reader = reader_by_id(delivery.subject_id)
    return emails.already_subscribed(reader, lists_of(reader), delivery.lang)


def _question_unwanted(delivery: Delivery) -> str:
    asked = _sign_up(delivery)
    if asked.confirmed_at is not None:
        return SETTLED
    return ENDED if now() >= asked.ends_at else ""


def _answer_unwanted(delivery: Delivery) -> str:
    """The letter holds the reader's own link, which only the reader's own mailbox may get."""
    return "" if reader_by_id(delivery.subject_id).address == delivery.address else OTHER_ADDRESS


LETTERS = {
    CONFIRM: Letter(_confirm_subscription, _question_unwanted),
    CONFIRM_ADDRESS: Letter(_confirm_address, _question_unwanted),
    ALREADY: Letter(_already_subscribed, _answer_unwanted),
}
