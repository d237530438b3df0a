"""Readers whom we forget: what was agreed to and when stays, counted under nobody; a no still holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from eventsys.database import db
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.subscriptions.consents import end
from eventsys.newsletters.subscriptions.models import Reader, SignUp, Way
from eventsys.newsletters.subscriptions.queries import lists_of, locked_reader
from eventsys.personal import FORGOTTEN, PREFIX, forgotten_address, is_forgotten, kept_no, portions
from eventsys.tokens import new_token


def forget_readers(ids: Collection[int], at: datetime) -> int:
    """Readers become nobody. Lists they have end, for nobody is left to write to; when they came stays.

    The address is kept as a hash, by which a no still holds when the address comes back with an import. Returns how
    many. Flushes, does not commit.
    """
    found = 0
    for reader_id in ids:
        reader = locked_reader(reader_id)
        if is_forgotten(reader.address):
            continue
        for key in (*lists_of(reader), COMPANIES):
            end(reader, key, Way.STAFF, at)
        _move_earlier_no(reader.address)
        reader.address, reader.name, reader.organisation = kept_no(reader.address), FORGOTTEN, ""
        reader.company_id, reader.token, reader.refused_at = None, new_token(), reader.refused_at or at
        for one in reader.subscriptions:
            one.why_ended = ""
        db.session.flush()
        found += 1
    return found


def keep_no_of(address: str, at: datetime) -> None:
    """Somebody who was no reader wants no newsletters, and only that is known. Harmless twice. Flushes."""
    if not said_no([address]):
        db.session.add(Reader(token=new_token(), address=kept_no(address), name=FORGOTTEN, added_at=at, refused_at=at))
        db.session.flush()


def said_no(addresses: Collection[str]) -> set[str]:
    """Which of these addresses were forgotten with a no that holds."""
    by_mark = {kept_no(address): address for address in addresses}
    found = {
        mark
        for some in portions(by_mark)
        for mark in db.session.scalars(
            select(Reader.address).where(Reader.address.in_(some), Reader.refused_at.is_not(None))
        )
    }
    return {by_mark[mark] for mark in found}


def kept_noes() -> frozenset[str]:
    """All that said_no looks in, as hashes, for who has thousands of addresses to ask about."""
    query = select(Reader.address).where(Reader.address.startswith(PREFIX), Reader.refused_at.is_not(None))
    return frozenset(db.session.scalars(query))


def take_no_back(address: str) -> None:
    """Somebody who was forgotten asks for letters again by themselves: the no is over, its row stays. Flushes."""
    _move_earlier_no(address)


def _move_earlier_no(address: str) -> None:
    earlier = db.session.scalars(select(Reader).where(Reader.address == kept_no(address))).one_or_none()
    if earlier is not None:
        earlier.address = forgotten_address(f"lasare-{earlier.id}")
        db.session.flush()


def forget_sign_ups(ids: Collection[int], at: datetime) -> int:
    """Who asked for letters: when, how and whether it was confirmed stay. One that waits ends. Returns how many.

    Flushes, does not commit.
    """
    done = 0
    for some in portions(ids):
        rows = db.session.scalars(select(SignUp).where(SignUp.id.in_(some))).all()
        for row in rows:
            row.address = forgotten_address(f"anmalan-{row.id}")
            row.name, row.organisation, row.token = FORGOTTEN, "", new_token()
            row.ends_at = min(row.ends_at, at)
        done += len(rows)
    db.session.flush()
    return done
