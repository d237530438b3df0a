"""What staff can do about letters of a mailing: all unknown ones, all that wait for another try, a rejected one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Row, select

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail.actors import deliver
from eventsys.mail.delivery import mending
from eventsys.mail.delivery.changes import Change, apply_changes
from eventsys.mail.delivery.mending import COUNTS_AS_SENT, SENT_AGAIN, NotPossibleNow
from eventsys.mail.models import Delivery, Mailing, MailingState, State

PORTION = 500
NONE_UNKNOWN = "Inget brev i utskicket är längre okänt. Ladda om sidan."
NONE_DEFERRED = "Inget brev i utskicket väntar på ett nytt försök. Ladda om sidan."
IS_CANCELLED = "Utskicket är avbrutet. Ur det skickas inget mer."


def treat_unknown_as_sent(mailing_id: int) -> int:
    """Every unknown letter of the mailing counts as sent from now on; how many did.

    Raises NotFound, NotPossibleNow when none is unknown (any more). Does not commit.
    """
    _locked(mailing_id)
    done = 0
    for portion in _unknown(mailing_id):
        apply_changes([Change(row.id, State.UNKNOWN, State.ACCEPTED, reason=COUNTS_AS_SENT) for row in portion])
        done += len(portion)
    _note("mailing.unknown_treated_as_sent", mailing_id, done, NONE_UNKNOWN)
    return done


def send_unknown_again(mailing_id: int) -> int:
    """Every unknown letter of the mailing goes back into the queue, to be tried afresh; how many did.

    Who had got theirs gets it twice: that is what staff decide here. A mailing that was done goes on. Raises NotFound,
    NotPossibleNow when none is unknown (any more) or the mailing was cancelled. Does not commit.
    """
    if _locked(mailing_id).state is MailingState.CANCELLED:
        raise NotPossibleNow(IS_CANCELLED)
    done = 0
    for portion in _unknown(mailing_id):
        apply_changes([_afresh(row) for row in portion])
        done += len(portion)
    _note("mailing.unknown_sent_again", mailing_id, done, NONE_UNKNOWN)
    mending.take_up_again(mailing_id)
    deliver.ring_after_commit()
    return done


def try_deferred_now(mailing_id: int) -> int:
    """Letters of the mailing that wait for another try are tried at once; how many.

    Raises NotFound, NotPossibleNow when none waits for that. Does not commit.
    """
    _locked(mailing_id)
    done = mending.try_deferred_now(Delivery.mailing_id == mailing_id)
    _note("mailing.deferred_tried_now", mailing_id, done, NONE_DEFERRED)
    deliver.ring_after_commit()
    return done


def send_rejected_again(mailing_id: int, letter_id: int) -> str:
    """A rejected letter of the mailing is tried afresh; its address. Raises NotFound, NotPossibleNow. Flushes."""
    letter = db.session.get(Delivery, letter_id)
    if letter is None or letter.mailing_id != mailing_id:
        raise NotFound
    mending.send_again(letter)
    return letter.address


def _locked(mailing_id: int) -> Mailing:
    """The lock of the mailing's row keeps a second press waiting until the first has been seen to."""
    row = db.session.get(Mailing, mailing_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _unknown(mailing_id: int) -> Iterator[Sequence[Row[int, int]]]:
    """Unknown letters in portions; each portion must have been changed before the next is asked for."""
    query = (
        select(Delivery.id, Delivery.attempts)
        .where(Delivery.mailing_id == mailing_id, Delivery.state == State.UNKNOWN)
        .order_by(Delivery.id)
        .limit(PORTION)
        .with_for_update()
    )
    while portion := db.session.execute(query).all():
        yield portion


def _afresh(row: Row[int, int]) -> Change:
    return Change(
        row.id, State.UNKNOWN, State.QUEUED, reason=SENT_AGAIN, not_before=now(), tried=-row.attempts
    )  # fmt: skip


def _note(what: str, mailing_id: int, letters: int, none: str) -> None:
    if not letters:
        raise NotPossibleNow(none)
    audit.record(what, f"mailing:{mailing_id}", letters=letters)
