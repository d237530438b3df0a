"""The owner of an address says yes: reader, lists and consents begin, all or none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.companies.register import company_with_address
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Registration
from eventsys.newsletters.subscriptions.consents import Origin, begin
from eventsys.newsletters.subscriptions.forgetting import take_no_back
from eventsys.newsletters.subscriptions.models import Reader, SignUp
from eventsys.newsletters.subscriptions.queries import locked_reader, reader_at, sign_up_by_token, waiting_sign_ups
from eventsys.tokens import new_token

_READERS = cast(Table, Reader.__table__)
_INSERTS = {
    "postgresql": postgresql.insert(_READERS).on_conflict_do_nothing(index_elements=["address"]),
    "sqlite": sqlite.insert(_READERS).on_conflict_do_nothing(index_elements=["address"]),
}


class LinkUsed(Refused):
    """It was confirmed before, and nothing more is to be done."""


class LinkEnded(Refused):
    """The link was left unused for too long."""


class NothingChosen(Refused):
    """None of the lists that the page showed waits any more, or none was sent."""


class AddressTaken(Refused):
    """Another reader has the address by now."""


def confirm(token: str, lists: Collection[str], at: datetime) -> Reader:
    """The owner of the address wants these lists, which the link's page showed. Twice is the same as once.

    Everything that waits under the address is settled by it: it is one person's wish, in one mailbox.
    Raises NotFound, LinkUsed, LinkEnded, NothingChosen. Flushes, does not commit.
    """
    asked = sign_up_by_token(token)
    if asked.reader_id is not None:
        raise NotFound
    if asked.confirmed_at is None and at >= asked.ends_at:
        raise LinkEnded
    reader = _reader_for(asked, at)
    waiting = [one for one in waiting_sign_ups(asked.address, at) if set(one.lists) & set(lists)]
    if not waiting:
        db.session.refresh(asked)
        raise LinkUsed if asked.confirmed_at else NothingChosen
    for one in waiting:
        _settle(reader, one, lists, at)
    audit.record("reader.confirmed", f"reader:{reader.id}", lists=len(reader.subscriptions))
    db.session.flush()
    return reader


def _reader_for(asked: SignUp, at: datetime) -> Reader:
    """The reader with this address, begun if it is new, and locked: two who confirm at once stand in line here."""
    values = {
        "token": new_token(), "address": asked.address, "name": "", "organisation": "", "lang": asked.lang,
        "added_at": at,
    }  # fmt: skip
    db.session.execute(_INSERTS[db.engine.dialect.name], values)
    take_no_back(asked.address)
    reader = reader_at(asked.address)
    if reader is None:
        raise NotFound
    return locked_reader(reader.id)


def _settle(reader: Reader, asked: SignUp, lists: Collection[str], at: datetime) -> None:
    asked.confirmed_at = at
    reader.name = reader.name or asked.name
    reader.organisation = reader.organisation or asked.organisation
    reader.company_id = reader.company_id or _company_of(asked)
    for key in asked.lists:
        if key in lists:
            begin(reader, key, Origin(asked.way, asked.code_id, asked.text_version), at)


def _company_of(asked: SignUp) -> int | None:
    """That of the booking where the box was ticked; without one, the company that has the address."""
    booking = db.session.get(Registration, asked.registration_id) if asked.registration_id else None
    if booking is not None and booking.company_id is not None:
        return booking.company_id
    company = company_with_address({asked.address})
    return company.id if company is not None else None


def confirm_address(token: str, at: datetime) -> Reader:
    """The owner of the new address wants a reader's letters there.

    Raises NotFound, LinkUsed, LinkEnded, AddressTaken. Flushes, does not commit.
    """
    asked = sign_up_by_token(token)
    if asked.reader_id is None:
        raise NotFound
    reader = locked_reader(asked.reader_id)
    db.session.refresh(asked)
    if asked.confirmed_at is not None:
        raise LinkUsed
    if at >= asked.ends_at:
        raise LinkEnded
    other = reader_at(asked.address)
    if other is not None and other.id != reader.id:
        raise AddressTaken
    take_no_back(asked.address)
    _move(reader, asked.address)
    asked.confirmed_at = at
    audit.record("reader.address_changed", f"reader:{reader.id}")
    db.session.flush()
    return reader


def _move(reader: Reader, address: str) -> None:
    """Raises AddressTaken, also when a sign-up is confirmed there at the same moment."""
    try:
        with db.session.begin_nested():
            reader.address = address
    except IntegrityError as error:
        raise AddressTaken from error
