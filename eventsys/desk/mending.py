"""Dealing with letters that stopped on the way, one or several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.desk.sight import letters_seen_by
from eventsys.mail import delivery
from eventsys.mail.models import Delivery
from eventsys.staff.models import Account

MOST = 200


@dataclass(frozen=True)
class Dealt:
    """How many letters were dealt with, and how many had meanwhile left the state that the page showed."""

    done: int
    passed: int


def chosen(account: Account, ids: Sequence[int]) -> Sequence[Delivery]:
    """Those of these letters that the account may see, at most MOST, by id, so that locks do not cross."""
    query = select(Delivery).where(Delivery.id.in_(list(ids)[:MOST]), letters_seen_by(account, now()))
    return db.session.scalars(query.order_by(Delivery.id)).all()


def treat_as_sent(account: Account, ids: Sequence[int]) -> Dealt:
    """These unknown letters count as sent from now on. Noted in the audit trail. Flushes, does not commit."""
    return _each(chosen(account, ids), delivery.treat_as_sent)


def send_again(account: Account, ids: Sequence[int]) -> Dealt:
    """These unknown or refused letters are sent once more. Noted in the audit trail. Flushes, does not commit."""
    return _each(chosen(account, ids), delivery.send_again)


def _each(letters: Sequence[Delivery], verb: Callable[[Delivery], None]) -> Dealt:
    done = 0
    for letter in letters:
        try:
            verb(letter)
            done += 1
        except delivery.NotPossibleNow:
            continue
    return Dealt(done, len(letters) - done)
