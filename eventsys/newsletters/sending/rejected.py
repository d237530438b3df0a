"""A rejected letter of a mailing, tried afresh. What is done to all unknown ones stands in mail/mailings/mending.py."""

from __future__ import annotations

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail import delivery
from eventsys.mail.models import Delivery


def send_rejected_again(mailing_id: int, letter_id: int) -> str:
    """A rejected letter of the mailing is tried afresh; its address. Raises NotFound, NotPossibleNow. Flushes."""
    letter = db.session.get(Delivery, letter_id)
    if letter is None or letter.mailing_id != mailing_id:
        raise NotFound
    delivery.send_again(letter)
    return letter.address
