"""Readers for tests, with sensible Swedish defaults; every value can be given.

    make_reader("asa@vaveriet.se")                                   # has Företagsamt since 30 days
    make_reader("bo@alm.example", lists=[series_list(series.id)], organisation="Alm AB")
    make_reader("eva@ek.example", lists=[], left=["foretagsamt"])    # had it once
    make_reader("nej@ek.example", lists=[], refused_at=now())        # wants nothing

Inside an open transaction these only flush; outside they open one of their own and keep what they made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.addresses import comparable
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.models import (
    Consent,
    ConsentAct,
    Reader,
    SignUpCode,
    Subscription,
    SubscriptionState,
    Way,
)
from eventsys.tokens import new_token
from tests.factories import _transaction

SINCE = timedelta(days=30)


def make_reader(
    address: str,
    lists: Iterable[str] = (FORETAGSAMT,),
    *,
    left: Iterable[str] = (),
    at: datetime | None = None,
    way: Way = Way.PAGE,
    code: SignUpCode | None = None,
    **given: Any,
) -> Reader:
    """A reader who has `lists` since `at` (30 days ago) and has left those in `left`, with the consents that say so.

    With `way=Way.IMPORT` the consents are imported ones. `given` are columns of Reader.
    """
    at = at or now() - SINCE
    values = {"token": new_token(), "address": comparable(address), "name": "Åsa Lind", "added_at": at}
    reader = Reader(**{**values, **given})
    with _transaction():
        db.session.add(reader)
        db.session.flush()
        for key in (*lists, *left):
            ended_at = at + timedelta(days=1) if key in left else None
            _subscribe(reader, key, at, ended_at, way, code)
        db.session.flush()
        assert len(reader.subscriptions) == len([*lists, *left])  # read them while they are at hand
    return reader


def _subscribe(
    reader: Reader, key: str, at: datetime, ended_at: datetime | None, way: Way, code: SignUpCode | None
) -> None:
    code_id = code.id if code else None
    act = ConsentAct.IMPORTED if way is Way.IMPORT else ConsentAct.GIVEN
    state = SubscriptionState.ENDED if ended_at else SubscriptionState.ACTIVE
    db.session.add(
        Subscription(
            reader_id=reader.id, list=key, state=state, way=way, code_id=code_id, began_at=at, ended_at=ended_at
        )
    )
    db.session.add(Consent(reader_id=reader.id, list=key, act=act, at=at, way=way, code_id=code_id))
    if ended_at:
        db.session.add(Consent(reader_id=reader.id, list=key, act=ConsentAct.WITHDRAWN, at=ended_at, way=way))
