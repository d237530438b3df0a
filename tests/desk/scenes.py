"""Letters as rows, and how many queries a page costs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import Event, SeriesAccess
from eventsys.mail.models import Delivery, DeliveryEvent, State
from eventsys.staff.models import Account

_numbers = itertools.count(1)


def make_letter(state: State = State.ACCEPTED, **given: Any) -> Delivery:
    """A letter in a state, with the history that led there."""
    number, at = next(_numbers), given.pop("at", now())
    values = {
        "purpose_key": f"test:{number}", "letter": "events/ticket", "subject_id": 1, "address": f"a{number}@foretag.se",
        "name": f"Åsa Ek {number}", "subject": "Du är anmäld: Fredagslunch", "not_before": at, "token": f"t{number}",
        "message_id": f"t{number}@boras.example", "created_at": at, "changed_at": at,
    }  # fmt: skip
    letter = Delivery(state=state, **{**values, **given})
    with transaction():
        db.session.add(letter)
        db.session.flush()
        db.session.add_all(_history(letter, at))
    return letter


def _history(letter: Delivery, at: datetime) -> list[DeliveryEvent]:
    ways = [(None, State.QUEUED), (State.QUEUED, State.CLAIMED), (State.CLAIMED, State.IN_FLIGHT)]
    if letter.state not in (State.QUEUED, State.CLAIMED, State.IN_FLIGHT):
        ways.append((State.IN_FLIGHT, letter.state))
    return [DeliveryEvent(delivery_id=letter.id, at=at, was=was, became=became, detail="") for was, became in ways]


def give_series_of(event_: Event, account: Account) -> None:
    """Let a co-organiser work with the series of this event."""
    with transaction():
        db.session.add(SeriesAccess(account_id=account.id, series_id=event_.series_id))


QueryCounter = Callable[[], AbstractContextManager[list[str]]]


def reads(statements: list[str]) -> list[str]:
    """Those that ask for rows, with what they gather first or without."""
    return [one for one in statements if one.startswith(("SELECT", "WITH"))]


@pytest.fixture
def count_queries(app: Flask) -> QueryCounter:
    """with count_queries() as statements: ... len(statements)"""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if "FROM identity" not in statement:  # read once a second, whatever the page
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
