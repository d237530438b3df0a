"""Addresses that get nothing more from us: added with a reason, lifted by staff; asked last before a letter goes."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.mail.addresses import comparable
from eventsys.mail.models import Delivery, Suppression
from eventsys.personal import is_forgotten, kept_no

NO_SUCH_ADDRESS = "Mottagarens server säger att adressen inte finns"


class AlreadySuppressed(Refused):
    """The address gets nothing from us as it is."""


class AlreadyLifted(Refused):
    """Somebody else lifted it before."""


def suppression_of(address: str) -> Suppression | None:
    """What keeps letters from this address now, if anything does; of a forgotten one only the hash is known."""
    known_as = (comparable(address), kept_no(comparable(address)))
    query = select(Suppression).where(Suppression.address.in_(known_as), Suppression.lifted_at.is_(None))
    return db.session.scalars(query.order_by(Suppression.id).limit(1)).one_or_none()


def suppress(address: str, reason: str, delivery_id: int | None = None) -> Suppression:
    """From now on no letter goes to this address; `reason` is Swedish, for staff; `delivery_id` the letter that told.

    Raises AlreadySuppressed. Flushes, does not commit.
    """
    if (known := suppression_of(address)) is not None:
        raise AlreadySuppressed(f"Adressen är redan spärrad: {known.reason}")
    suppression = Suppression(address=comparable(address), reason=reason[:300], delivery_id=delivery_id, added_at=now())
    try:
        with db.session.begin_nested():
            db.session.add(suppression)
    except IntegrityError as error:  # another transaction suppressed it this very moment
        raise AlreadySuppressed("Adressen spärrades just av någon annan.") from error
    audit.record("suppression.added", f"suppression:{suppression.id}")
    return suppression


def suppress_refused(delivery_ids: Sequence[int]) -> None:
    """No more letters to the addresses of these, which servers refused at once. Flushes, does not commit."""
    rows = db.session.execute(select(Delivery.id, Delivery.address).where(Delivery.id.in_(delivery_ids)))
    for row in rows.all():
        if is_forgotten(row.address):
            continue
        with contextlib.suppress(AlreadySuppressed):
            suppress(row.address, NO_SUCH_ADDRESS, row.id)


def lift(suppression_id: int, by: str) -> Suppression:
    """Letters go to the address again; those already stopped stay so. `by` is who lifts it.

    Raises NotFound, AlreadyLifted. Flushes, does not commit.
    """
    suppression = db.session.get(Suppression, suppression_id, with_for_update=True, populate_existing=True)
    if suppression is None:
        raise NotFound
    if suppression.lifted_at is not None:
        raise AlreadyLifted("Spärren är redan borttagen.")
    suppression.lifted_at, suppression.lifted_by = now(), by[:120]
    db.session.flush()
    audit.record("suppression.lifted", f"suppression:{suppression.id}")
    return suppression
