"""Reading readers, their lists, and sign-ups that wait."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.newsletters.subscriptions.models import (
    Consent,
    Reader,
    SignUp,
    SignUpCode,
    Subscription,
    SubscriptionState,
)


def reader_by_token(token: str) -> Reader:
    """Whose links these are. Raises NotFound."""
    query = select(Reader).options(selectinload(Reader.subscriptions)).where(Reader.token == token)
    return _found(db.session.scalars(query).one_or_none())


def reader_by_id(reader_id: int) -> Reader:
    """Raises NotFound."""
    return _found(db.session.get(Reader, reader_id, options=[selectinload(Reader.subscriptions)]))


def reader_at(address: str) -> Reader | None:
    """The reader with this address, as mail.addresses.comparable makes it."""
    query = select(Reader).options(selectinload(Reader.subscriptions)).where(Reader.address == address)
    return db.session.scalars(query).one_or_none()


def locked_reader(reader_id: int) -> Reader:
    """The reader as it is now; nobody else changes it before the transaction ends. Raises NotFound."""
    options = [selectinload(Reader.subscriptions)]
    return _found(db.session.get(Reader, reader_id, options=options, with_for_update=True, populate_existing=True))


def _found(reader: Reader | None) -> Reader:
    if reader is None:
        raise NotFound
    return reader


def lists_of(reader: Reader) -> list[str]:
    """The lists that the reader has now, in the order in which they began."""
    return [one.list for one in reader.subscriptions if one.state is SubscriptionState.ACTIVE]


def subscription_of(reader: Reader, key: str) -> Subscription | None:
    """What the reader has, or had, of this list."""
    return next((one for one in reader.subscriptions if one.list == key), None)


def consents_of(reader: Reader) -> list[Consent]:
    """Everything the reader agreed to or withdrew, newest first."""
    query = select(Consent).where(Consent.reader_id == reader.id).order_by(Consent.at.desc(), Consent.id.desc())
    return list(db.session.scalars(query))


# --- sign-ups -----------------------------------------------------------------------------------------------------


def sign_up_by_token(token: str) -> SignUp:
    """Raises NotFound for a forged link."""
    sign_up = db.session.scalars(select(SignUp).where(SignUp.token == token)).one_or_none()
    if sign_up is None:
        raise NotFound
    return sign_up


def waiting_sign_ups(address: str, at: datetime, locked: bool = False) -> list[SignUp]:
    """What was asked for this address and is neither confirmed nor ended, oldest first; read anew.

    `locked`: nobody confirms them before the transaction ends.
    """
    query = (
        select(SignUp)
        .where(SignUp.address == address, SignUp.reader_id.is_(None))
        .where(SignUp.confirmed_at.is_(None), SignUp.ends_at > at)
        .order_by(SignUp.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query.with_for_update() if locked else query))


def lists_in(sign_ups: Iterable[SignUp]) -> list[str]:
    """Every list that these ask for, once."""
    return list(dict.fromkeys(key for sign_up in sign_ups for key in sign_up.lists))


# --- codes --------------------------------------------------------------------------------------------------------


def code_called(code: str) -> SignUpCode | None:
    """The named QR code; None for one that somebody made up."""
    return db.session.scalars(select(SignUpCode).where(SignUpCode.code == code)).one_or_none() if code else None


def code_by_id(code_id: int) -> SignUpCode:
    """Raises NotFound."""
    code = db.session.get(SignUpCode, code_id)
    if code is None:
        raise NotFound
    return code


def code_names(ids: Collection[int]) -> dict[int, str]:
    """What these QR codes are called."""
    rows = db.session.execute(select(SignUpCode.id, SignUpCode.name).where(SignUpCode.id.in_(ids)))
    return dict(rows.all())
