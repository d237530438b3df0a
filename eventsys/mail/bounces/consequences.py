"""What follows from a letter that came back: for the letter, for its address, and for who must know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import structlog
from flask import Flask, current_app
from sqlalchemy import Row, func, select

from eventsys.clock import local, now
from eventsys.database import db
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.delivery.changes import Change, apply_changes
from eventsys.mail.models import Delivery, State, Suppression
from eventsys.mail.suppression import AlreadySuppressed, suppress

log = structlog.get_logger()

OFTEN = 3
"""So many occasions in a row without one letter that stayed, and the address is stopped."""
MAY_STILL_BOUNCE = timedelta(days=5)
"""Servers try that long (RFC 5321); an accepted letter younger than this proves nothing yet."""
_LOOKED_AT = 100

WHY = {
    Kind.ADDRESS_WRONG: "Adressen finns inte, enligt mottagarens server.",
    Kind.LATER: "Brevlådan är full, eller stängd för tillfället.",
    Kind.REFUSED_US: "Mottagarens server vill inte ha brev från oss.",
    Kind.COMPLAINT: "Mottagaren har anmält brevet som skräppost.",
}
SUPPRESSED_BECAUSE = {
    Kind.ADDRESS_WRONG: "Brevet kom tillbaka: adressen finns inte",
    Kind.LATER: f"Breven har kommit tillbaka {OFTEN} gånger i rad: brevlådan är full eller stängd",
    Kind.COMPLAINT: "Mottagaren har anmält brevet som skräppost",
}

# --- who else must know -------------------------------------------------------------------------------------------

Hook = Callable[[str], None]


def on_complaint(app: Flask, hook: Hook) -> None:
    """Call `hook(address)` for each complaint, in the transaction that suppresses the address. For create_app."""
    app.extensions.setdefault("eventsys_on_complaint", []).append(hook)


# --- consequences -------------------------------------------------------------------------------------------------


def draw_consequences(letter_id: int) -> None:
    """For an incoming letter whose consequences are not drawn yet. Harmless when they are. Flushes, does not commit."""
    letter = db.session.get(IncomingLetter, letter_id, with_for_update=True, populate_existing=True)
    if letter is None or letter.applied_at is not None:
        return
    delivery = _delivery_of(letter)
    if delivery is not None and delivery.state in (State.CLAIMED, State.IN_FLIGHT):
        return  # the answer to the dot is not written down yet; the next round sees it
    letter.applied_at = now()
    if delivery is not None and letter.is_final and letter.kind in WHY:
        _came_back(letter, delivery)
    db.session.flush()


def _delivery_of(letter: IncomingLetter) -> Delivery | None:
    if letter.delivery_id is None:
        return None
    return db.session.get(Delivery, letter.delivery_id, with_for_update=True, populate_existing=True)


def _came_back(letter: IncomingLetter, delivery: Delivery) -> None:
    becomes = State.COMPLAINED if letter.kind is Kind.COMPLAINT else State.BOUNCED
    _to_its_end(letter, delivery, becomes)
    db.session.flush()
    if letter.kind is Kind.COMPLAINT:
        for hook in current_app.extensions.get("eventsys_on_complaint", ()):
            hook(delivery.address)
    if letter.kind is Kind.REFUSED_US:
        log.error("recipients_refuse_us", status=letter.status)  # their words may name a person
    elif letter.kind is not Kind.LATER or occasions_in_a_row(delivery.address) >= OFTEN:
        _stop(delivery, SUPPRESSED_BECAUSE[letter.kind])


def _to_its_end(letter: IncomingLetter, delivery: Delivery, becomes: State) -> None:
    """A letter that came back had left: an unknown one did so first. One that did not leave stays as it is."""
    was = delivery.state
    if was is State.UNKNOWN:
        apply_changes([Change(delivery.id, was, State.ACCEPTED, reason="Det var framme: mottagarens server svarade.")])
        was = State.ACCEPTED
    if was is State.ACCEPTED or (was is State.BOUNCED and becomes is State.COMPLAINED):
        code, words = _code(letter), _words(letter)
        apply_changes([Change(delivery.id, was, becomes, reason=WHY[letter.kind], smtp_code=code, smtp_reply=words)])


def _code(letter: IncomingLetter) -> int | None:
    return int(letter.said[:3]) if letter.said[:3].isascii() and letter.said[:3].isdigit() else None


def _words(letter: IncomingLetter) -> str:
    return letter.said[3:].lstrip(" -") if _code(letter) else letter.said or letter.status


def _stop(delivery: Delivery, reason: str) -> None:
    try:
        suppress(delivery.address, reason, delivery.id)
    except AlreadySuppressed:
        return


# --- how often in a row -------------------------------------------------------------------------------------------


def occasions_in_a_row(address: str) -> int:
    """On how many occasions letters to this address came back for now, since the last letter that stayed.

    An occasion is a mailing, or a day: three confirmations of one morning to a full mailbox are one.
    """
    occasions: set[int | date] = set()
    lifted = db.session.scalar(select(func.max(Suppression.lifted_at)).where(Suppression.address == address))
    for row in _latest(address):
        if row.state is State.ACCEPTED and row.created_at < now() - MAY_STILL_BOUNCE:
            break
        if lifted is not None and row.created_at < lifted:
            break
        if row.kind is Kind.LATER:
            occasions.add(row.mailing_id or local(row.created_at).date())
        elif row.state is State.ACCEPTED and occasions:
            break
    return len(occasions)


def _latest(address: str) -> Sequence[Row[State, int | None, datetime, Kind]]:
    """Letters to the address, newest first, each with what came back for it."""
    query = (
        select(Delivery.state, Delivery.mailing_id, Delivery.created_at, IncomingLetter.kind)
        .outerjoin(IncomingLetter, (IncomingLetter.delivery_id == Delivery.id) & IncomingLetter.is_final)
        .where(Delivery.address == address, Delivery.state.in_((State.ACCEPTED, State.BOUNCED)))
        .order_by(Delivery.id.desc())
        .limit(_LOOKED_AT)
    )
    return db.session.execute(query).all()
