"""Changing states: every change is a compare-and-set that also writes history. Nothing else touches `state`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.models import CHANGES, State


class LeaseLost(Exception):
    """A row was not in the state, or not under the lease, that the change stands on. Nothing may be sent on it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row from one state to another. `owner` is the lease it stands under, "" for none."""

    delivery_id: int
    was: State
    becomes: State
    owner: str = ""
    reason: str = ""
    smtp_code: int | None = None
    smtp_reply: str = ""
    not_before: datetime | None = None
    """When it may be tried again; None leaves it."""
    subject: str | None = None
    tried: int = 0
    """Added to `attempts`."""
    lease_until: datetime | None = None
    """Keeps the lease until then; None gives it up."""
    address_is_wrong: bool = False
    """The server says that nobody has the address: no letter goes there any more."""
    credit: int = 0
    """What it says about the relay: 1 it takes our letters, -1 it refuses them for a fault of ours, 0 nothing."""
    mailing_id: int | None = None
    """The mailing that the credit is about; None for the relay."""

    def __post_init__(self) -> None:
        if self.becomes not in CHANGES[self.was]:
            raise ValueError(f"{self.was} never becomes {self.becomes}")


# By name, as both drivers take them: a statement built for each call, and a value processed for each column, took
# longer than the database does.
_CHANGE_ONE = """
    UPDATE delivery SET state = :becomes, reason = :reason, smtp_code = :code, smtp_reply = :reply,
        not_before = coalesce(:earliest, not_before), subject = coalesce(:line, subject),
        attempts = attempts + :tried, lease_owner = :owner_after, lease_until = :until, changed_at = :at
    WHERE id = :id AND state = :was AND lease_owner = :owner
"""
_NOTE_ONE = """
    INSERT INTO delivery_event (delivery_id, at, was, became, smtp_code, detail)
    VALUES (:id, :at, :was, :becomes, :code, :detail)
"""
_ARRAYS = {
    "id": "int", "was": "text", "owner": "text", "becomes": "text", "reason": "text", "code": "int", "reply": "text",
    "earliest": "timestamptz", "line": "text", "tried": "int", "owner_after": "text", "until": "timestamptz",
    "at": "timestamptz", "detail": "text",
}  # fmt: skip
_CHANGE_GIVEN = """
    WITH given AS (
        SELECT * FROM unnest({arrays}) AS given ({names})
    ), done AS (
        UPDATE delivery SET state = becomes, reason = given.reason, smtp_code = code, smtp_reply = reply,
            not_before = coalesce(earliest, not_before), subject = coalesce(line, subject),
            attempts = attempts + tried, lease_owner = owner_after, lease_until = until, changed_at = at
        FROM given WHERE delivery.id = given.id AND state = was AND lease_owner = owner
        RETURNING delivery.id
    )
    INSERT INTO delivery_event (delivery_id, at, was, became, smtp_code, detail)
    SELECT id, at, was, becomes, code, detail FROM given JOIN done USING (id)
"""
_CHANGE_ALL = _CHANGE_GIVEN.format(
    arrays=", ".join(f"%({name})s::{kind}[]" for name, kind in _ARRAYS.items()), names=", ".join(_ARRAYS)
)
_NOTE_ALIKE_ON_SQLITE = """
    INSERT INTO delivery_event (delivery_id, at, was, became, detail)
    SELECT value, :at, :was, :becomes, :detail FROM json_each(:ids)
"""
_NOTE_ALIKE_ON_POSTGRESQL = """
    INSERT INTO delivery_event (delivery_id, at, was, became, detail)
    SELECT id, %(at)s, %(was)s, %(becomes)s, %(detail)s FROM unnest(%(ids)s::int[]) AS id
"""


def apply_changes(changes: Sequence[Change]) -> None:
    """Make all these changes, each row at most once, in the caller's transaction.

    Raises LeaseLost when one of them did not find its row; the caller must then roll back.
    """
    if not changes:
        return
    connection = db.session.connection()
    write = _write_on_postgresql if connection.dialect.name == "postgresql" else _write_on_sqlite
    if write(connection, changes, now()) != len(changes):
        raise LeaseLost([change.delivery_id for change in changes])


def _write_on_postgresql(connection: Connection, changes: Sequence[Change], at: datetime) -> int:
    """Rows and history in one round trip; how many rows were changed."""
    rows = [_parameters(change, at) for change in changes]
    arrays = {name: [row[name] for row in rows] for name in _ARRAYS}
    return connection.exec_driver_sql(_CHANGE_ALL, arrays).rowcount


def _write_on_sqlite(connection: Connection, changes: Sequence[Change], at: datetime) -> int:
    rows = [_parameters(change, at) for change in changes]
    for row in rows:
        row.update({name: row[name] and _as_sqlite_keeps_it(row[name]) for name in ("at", "until", "earliest")})
    done = connection.exec_driver_sql(_CHANGE_ONE, rows).rowcount
    if done == len(changes):
        connection.exec_driver_sql(_NOTE_ONE, rows)
    return done


def _as_sqlite_keeps_it(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _parameters(change: Change, at: datetime) -> dict[str, Any]:
    return {
        "id": change.delivery_id, "was": change.was.value, "owner": change.owner, "becomes": change.becomes.value,
        "reason": change.reason[:300], "code": change.smtp_code, "reply": change.smtp_reply[:500],
        "earliest": change.not_before, "line": change.subject, "tried": change.tried,
        "owner_after": change.owner if change.lease_until else "", "until": change.lease_until, "at": at,
        "detail": " ".join(filter(None, (change.reason, change.smtp_reply))),
    }  # fmt: skip


def note_history(delivery_ids: Sequence[int], was: State | None, became: State, detail: str = "") -> None:
    """History of rows that one statement changed together."""
    if not delivery_ids:
        return
    said = {"was": was and was.value, "becomes": became.value, "detail": detail}
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_NOTE_ALIKE_ON_POSTGRESQL, {"ids": list(delivery_ids), "at": now(), **said})
    else:
        at = _as_sqlite_keeps_it(now())
        connection.exec_driver_sql(_NOTE_ALIKE_ON_SQLITE, {"ids": json.dumps(list(delivery_ids)), "at": at, **said})
