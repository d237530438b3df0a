"""Letters by name, for the mail engine: made from the trouble's row as it stands when they leave."""

from __future__ import annotations

from eventsys.mail.compose import Email
from eventsys.mail.letters import Letter, subject_of
from eventsys.mail.models import Delivery
from eventsys.operations import emails
from eventsys.operations.alarms import OVER, REMINDER, TROUBLE
from eventsys.operations.models import Trouble

IS_OVER = "det är redan över"


def _row(delivery: Delivery) -> Trouble:
    return subject_of(Trouble, delivery)


def _trouble(delivery: Delivery) -> Email:
    return emails.trouble(_row(delivery), delivery.name, f":{REMINDER}" in delivery.purpose_key)


def _trouble_over(delivery: Delivery) -> Email:
    return emails.trouble_over(_row(delivery), delivery.name)


def _is_over(delivery: Delivery) -> str:
    return IS_OVER if _row(delivery).over_at else ""


LETTERS = {TROUBLE: Letter(_trouble, _is_over), OVER: Letter(_trouble_over)}
