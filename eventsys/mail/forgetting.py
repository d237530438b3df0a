"""Letters stay as rows that were counted; whom they went to goes. A no to our letters is kept under a hash."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Update, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from eventsys.database import db
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.delivery.changes import Change, apply_changes
from eventsys.mail.models import Delivery, DeliveryEvent, MailingExclusion, State, Suppression
from eventsys.personal import FORGOTTEN, Person, forgotten_address, kept_no, portions

NOT_SENT = "Mottagarens uppgifter är raderade."
ON_THE_WAY = (State.CLAIMED, State.IN_FLIGHT)


def forget_addresses(addresses: Collection[str]) -> int:
    """Everything the mail slice knows under these addresses: letters, who was left out, what came back, and a no.

    Returns how many rows were changed. `addresses` are comparable. Flushes, does not commit.
    """
    letters = _ids(Delivery.id, Delivery.address.in_(addresses))
    left_out = _ids(MailingExclusion.id, MailingExclusion.address.in_(addresses))
    incoming = _ids(IncomingLetter.id, IncomingLetter.address.in_(addresses))
    return (
        forget_deliveries(letters)
        + forget_exclusions(left_out)
        + forget_incoming(incoming)
        + forget_suppressions(addresses)
    )


def letter_address(delivery_id: int) -> str:
    """What stands as the address of a forgotten letter."""
    return forgotten_address(f"brev-{delivery_id}")


def forget_deliveries(ids: Collection[int]) -> int:
    """Letters to nobody: state, time and what they were about stay. One that waits is not sent. Returns how many.

    What servers answered may quote the address, so the words go and the code stays; so do the bytes of what came back.
    A letter that is on its way this moment (ON_THE_WAY) is forgotten too, and its worker finds its lease gone: ask
    `are_on_their_way` first. Flushes, does not commit.
    """
    done = 0
    for some in portions(ids):
        _stop(some)
        rows = db.session.execute(select(Delivery.id).where(Delivery.id.in_(some))).scalars().all()
        nobody = [
            {
                "id": one, "address": letter_address(one), "name": FORGOTTEN, "organisation": "", "subject": "",
                "smtp_reply": "", "purpose_key": f"raderad:{one}",
            }
            for one in rows
        ]  # fmt: skip
        if nobody:
            db.session.execute(update(Delivery), nobody)
        db.session.execute(_quietly(update(DeliveryEvent).where(DeliveryEvent.delivery_id.in_(some)).values(detail="")))
        forget_incoming(_ids(IncomingLetter.id, IncomingLetter.delivery_id.in_(some)))
        done += len(nobody)
    db.session.expire_all()
    return done


def _stop(ids: Collection[int]) -> None:
    waiting = select(Delivery.id, Delivery.state).where(
        Delivery.id.in_(ids), Delivery.state.in_((State.QUEUED, State.DEFERRED))
    )
    rows = db.session.execute(waiting.with_for_update()).all()
    apply_changes([Change(row.id, row.state, State.SKIPPED, reason=NOT_SENT) for row in rows])


def are_on_their_way(address: str) -> bool:
    """Whether a worker holds a letter to the address now."""
    held = Delivery.state.in_(ON_THE_WAY)
    return bool(db.session.scalar(select(func.count()).where(Delivery.address == address, held)))


def forget_exclusions(ids: Collection[int]) -> int:
    """Who was left out of mailings: the reason and the number stay. Returns how many. Flushes, does not commit."""
    nobody = {"address": "", "name": FORGOTTEN, "organisation": ""}
    for some in portions(ids):
        change = update(MailingExclusion).where(MailingExclusion.id.in_(some)).values(nobody)
        db.session.execute(_quietly(change))
    db.session.expire_all()
    return len(ids)


def forget_incoming(ids: Collection[int]) -> int:
    """What came back: kind and code stay, the bytes, the address and the words go. Returns how many. Flushes."""
    for some in portions(ids):
        change = update(IncomingLetter).where(IncomingLetter.id.in_(some)).values(raw=None, address="", said="")
        db.session.execute(_quietly(change))
    db.session.expire_all()
    return len(ids)


def forget_suppressions(addresses: Collection[str]) -> int:
    """Stopped addresses stay stopped, under a hash; those that were let free again become nobody's. Returns how many.

    Flushes, does not commit.
    """
    query = select(Suppression.id, Suppression.address, Suppression.lifted_at)
    rows = db.session.execute(query.where(Suppression.address.in_(addresses))).all()
    nobody = [
        {"id": row.id, "address": kept_no(row.address) if row.lifted_at is None else forgotten_address(f"fri-{row.id}")}
        for row in rows
    ]
    if nobody:
        db.session.execute(update(Suppression), nobody)
    db.session.expire_all()
    return len(nobody)


def forget_in_letters_about(abouts: Iterable[str], person: Person) -> int:
    """Letters to others that name the person (`Anna Berg är anmäld`): subject lines, and the bytes of what came back.

    `abouts` as Delivery.about: `registration:17`. Returns how many letters. Flushes, does not commit.
    """
    changed = 0
    for some in portions(abouts):
        rows = db.session.scalars(select(Delivery).where(Delivery.about.in_(some))).all()
        for row in rows:
            without = person.taken_out_of(row.subject)
            changed += without != row.subject
            row.subject = without[:300]
        letters = [row.id for row in rows]
        db.session.flush()
        of_these = _ids(IncomingLetter.id, IncomingLetter.delivery_id.in_(letters), IncomingLetter.raw.is_not(None))
        bytes_gone = update(IncomingLetter).where(IncomingLetter.id.in_(of_these)).values(raw=None)
        db.session.execute(_quietly(bytes_gone))
    return changed


def _ids(column: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> list[int]:
    return list(db.session.scalars(select(column).where(*conditions)))


def _quietly(change: Update) -> Update:
    """Rows in memory are read anew afterwards, instead of being held against the statement one by one."""
    return change.execution_options(synchronize_session=False)
