"""Letters by name, for the mail engine: made from the account; those with a link are unwanted once it has ended."""

from __future__ import annotations

from eventsys.clock import now
from eventsys.mail.compose import Email
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter
from eventsys.staff import emails
from eventsys.staff.accounts import INVITATION, PASSWORD_RESET, has_live_link
from eventsys.staff.queries import account_by_id
from eventsys.staff.second_factor import TURNED_OFF, TURNED_ON

ENDED = "länken i brevet gäller inte längre"


def _invitation(delivery: Delivery) -> Email:
    return emails.invitation(account_by_id(delivery.subject_id))


def _password_reset(delivery: Delivery) -> Email:
    return emails.password_reset(account_by_id(delivery.subject_id))


def _turned_on(delivery: Delivery) -> Email:
    return emails.second_factor_on(account_by_id(delivery.subject_id))


def _turned_off(delivery: Delivery) -> Email:
    return emails.second_factor_off(account_by_id(delivery.subject_id))


def _link_has_ended(delivery: Delivery) -> str:
    return "" if has_live_link(account_by_id(delivery.subject_id), now()) else ENDED


LETTERS = {
    INVITATION: Letter(_invitation, _link_has_ended),
    PASSWORD_RESET: Letter(_password_reset, _link_has_ended),
    TURNED_ON: Letter(_turned_on),
    TURNED_OFF: Letter(_turned_off),
}
