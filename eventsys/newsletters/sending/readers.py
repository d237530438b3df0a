"""Everybody who gets an issue has a row in `reader`, because the links in the letter need a token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.addresses import comparable
from eventsys.mail.mailings.freezing import PORTION, Recipient
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.tokens import new_token

_TABLE = cast(Table, Reader.__table__)
_INSERTS = {
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["address"]),
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["address"]),
}


def with_readers(recipients: Iterable[Recipient]) -> Iterator[Recipient]:
    """The same recipients, each with the id of its reader; missing readers are added, a portion at a time.

    Two statements for each portion in which anybody is missing. A reader that another transaction adds meanwhile is
    found. Does not commit.
    """
    several = iter(recipients)
    while portion := list(islice(several, PORTION)):
        missing = [one for one in portion if not one.subject_id]
        ids = _added(missing) if missing else {}
        yield from (one if one.subject_id else replace(one, subject_id=ids[comparable(one.address)]) for one in portion)


def _added(recipients: list[Recipient]) -> dict[str, int]:
    """The readers' ids by address."""
    addresses = [comparable(one.address) for one in recipients]
    rows = [_row(one, address) for one, address in zip(recipients, addresses, strict=True)]
    db.session.execute(_INSERTS[db.engine.dialect.name], rows)
    found = db.session.execute(select(Reader.address, Reader.id).where(Reader.address.in_(addresses)))
    return {row.address: row.id for row in found}


def _row(one: Recipient, address: str) -> dict[str, Any]:
    return {
        "token": new_token(), "address": address, "name": one.name[:120], "organisation": one.organisation[:200],
        "lang": "sv", "added_at": now(),
    }  # fmt: skip
