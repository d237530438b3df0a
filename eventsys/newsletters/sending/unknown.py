"""What staff decide about all unknown letters of a mailing at once."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail import delivery
from eventsys.mail.models import Delivery, State

_PORTION = 200


def treat_unknown_as_sent(mailing_id: int) -> int:
    """All unknown letters of the mailing count as sent; how many. Flushes, does not commit."""
    return _each_unknown(mailing_id, delivery.treat_as_sent)


def send_unknown_again(mailing_id: int) -> int:
    """All unknown letters of the mailing are sent once more; how many. Flushes, does not commit."""
    return _each_unknown(mailing_id, delivery.send_again)


def send_rejected_again(mailing_id: int, letter_id: int) -> str:
    """A rejected letter of the mailing is tried afresh; its address. Raises NotFound, NotPossibleNow. Flushes."""
    letter = db.session.get(Delivery, letter_id)
    if letter is None or letter.mailing_id != mailing_id:
        raise NotFound
    delivery.send_again(letter)
    return letter.address


def _each_unknown(mailing_id: int, verb: Callable[[Delivery], None]) -> int:
    """By id, so that locks of two who press at once do not cross."""
    done, last = 0, 0
    while letters := _unknown_after(mailing_id, last):
        for letter in letters:
            last = letter.id
            done += _is_done(letter, verb)
    return done


def _is_done(letter: Delivery, verb: Callable[[Delivery], None]) -> bool:
    try:
        verb(letter)
    except delivery.NotPossibleNow:  # its fate became known just now
        return False
    return True


def _unknown_after(mailing_id: int, last: int) -> list[Delivery]:
    query = select(Delivery).where(
        Delivery.mailing_id == mailing_id, Delivery.state == State.UNKNOWN, Delivery.id > last
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Delivery.id).limit(_PORTION)))
