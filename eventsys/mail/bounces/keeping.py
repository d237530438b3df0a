"""Keeping what came in, once. How long is said in mail/retention.py."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.addresses import comparable
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.bounces.notices import LARGEST
from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.bounces.reading import Bounce, read
from eventsys.mail.models import Delivery
from eventsys.personal import is_forgotten


def keep(raw: bytes) -> IncomingLetter | None:
    """Keep an incoming letter with what it says; None when it was kept before. Flushes, does not commit."""
    fingerprint = hashlib.sha256(raw).hexdigest()
    if db.session.scalar(select(IncomingLetter.id).where(IncomingLetter.fingerprint == fingerprint)):
        return None
    letter = _row(raw[:LARGEST], fingerprint, read(raw))
    try:
        with db.session.begin_nested():
            db.session.add(letter)
    except IntegrityError:  # another process kept it this very moment
        return None
    return letter


def _row(raw: bytes, fingerprint: str, bounce: Bounce) -> IncomingLetter:
    at, delivery = now(), _answered(bounce)
    by_people = bounce.kind is Kind.NOT_A_BOUNCE
    hushed = by_people or (delivery is not None and is_forgotten(delivery.address))
    return IncomingLetter(
        fingerprint=fingerprint,
        read_at=at,
        raw=None if hushed else raw,
        kind=bounce.kind,
        is_final=bounce.is_final,
        address="" if hushed else comparable(_storable(bounce.address or "")),
        status=(bounce.status or "")[:20],
        said="" if hushed else _storable(bounce.said)[:300],
        delivery_id=delivery.id if delivery else None,
    )


def _storable(text: str) -> str:
    """Without what PostgreSQL takes in no text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _answered(bounce: Bounce) -> Delivery | None:
    """The letter of ours that it answers.

    A token in the address it came to is known only to who had our letter. One in the letter given back may have been
    passed on with it, so there the address must be the recipient's too: nobody can stop letters to somebody else.
    """
    if bounce.token is None or bounce.kind is Kind.NOT_A_BOUNCE:
        return None
    found = db.session.scalars(select(Delivery).where(Delivery.token == bounce.token)).one_or_none()
    if found is None or bounce.by_envelope or not bounce.address or comparable(bounce.address) == found.address:
        return found
    return None
