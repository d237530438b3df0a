"""Posting letters: a row in the caller's transaction, and after the commit a ring at the deliverers' door.

A letter is posted by name and id, not as bytes: it is made from the rows at sending time, so that it says what is true
then, and it is asked one last time whether it is still wanted.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.forms import squeeze
from eventsys.mail.actors import deliver
from eventsys.mail.addresses import comparable
from eventsys.mail.delivery.changes import note_history
from eventsys.mail.letters import Letter, letter_named, register_letters
from eventsys.mail.models import Delivery, Priority, State
from eventsys.mail.restored import waits_since, why_a_letter_is_unknown
from eventsys.personal import is_forgotten

__all__ = ["Letter", "Posting", "Priority", "post", "post_all", "register_letters"]

_TABLE = cast(Table, Delivery.__table__)
_INSERTS = {
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id),
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id),
}


def post(
    letter: str,
    subject_id: int,
    *,
    purpose_key: str,
    address: str,
    name: str,
    lang: str = "sv",
    about: str = "",
    mailing_id: int | None = None,
    priority: int = Priority.CONFIRMATION,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Delivery | None:
    """Post a letter in the caller's transaction; it leaves after the commit, and not at all without one.

    Posting the same purpose twice is harmless: the second time changes nothing and returns None, also when two
    transactions race. The same holds for a second letter of one mailing to one address. `not_before` and `not_after`
    are aware moments; a letter that could not leave before `not_after` is skipped.
    Nothing is posted to an empty address, nor to somebody forgotten. After a backup was restored, what nobody waits for
    (reminders) is posted as unknown, and staff decide (restored.py).
    Raises ValueError when no letter of that name is registered.
    """
    posting = Posting(
        letter, subject_id, purpose_key, address, name, lang, about, mailing_id, priority, not_before, not_after
    )
    new = _insert_new([posting])
    return db.session.get(Delivery, new[0]) if new else None


@dataclass(frozen=True)
class Posting:
    """A letter to be posted; the fields are those of `post`."""

    letter: str
    subject_id: int
    purpose_key: str
    address: str
    name: str
    lang: str = "sv"
    about: str = ""
    mailing_id: int | None = None
    priority: int = Priority.CONFIRMATION
    not_before: datetime | None = None
    not_after: datetime | None = None


def post_all(postings: Sequence[Posting]) -> int:
    """Post several letters with one statement, otherwise as `post`. Returns how many had not been posted before.

    People without an address (let in at the door) get no letter, and are no reason to stop.
    """
    return len(_insert_new(postings))


def _insert_new(postings: Sequence[Posting]) -> list[int]:
    """The ids of the new rows. Both databases know ON CONFLICT DO NOTHING: a racing transaction is waited for, and no
    error spoils ours."""
    if unknown := {posting.letter for posting in postings if letter_named(posting.letter) is None}:
        raise ValueError(f"no letter is registered as {', '.join(sorted(unknown))}")
    wanted = [one for one in postings if one.address and not is_forgotten(one.address)]
    timed = [one for one in wanted if one.mailing_id is None and one.priority >= Priority.REMINDER]
    made_at = waits_since() if timed else None
    if made_at is None:
        return _insert(wanted, State.QUEUED)
    return _insert([one for one in wanted if one not in timed], State.QUEUED) + _insert(
        timed, State.UNKNOWN, why_a_letter_is_unknown(made_at)
    )


def _insert(postings: Sequence[Posting], state: State, reason: str = "") -> list[int]:
    if not postings:
        return []
    at = now()
    rows = [_row(posting, at) | {"state": state, "reason": reason} for posting in postings]
    new = list(db.session.execute(_INSERTS[db.engine.dialect.name], rows).scalars())
    note_history(new, None, state, reason)
    if new:
        _ring_once_after_commit()
    return new


def _row(posting: Posting, at: datetime) -> dict[str, Any]:
    return {
        "mailing_id": posting.mailing_id, "purpose_key": posting.purpose_key, "letter": posting.letter,
        "subject_id": posting.subject_id, "about": posting.about, "address": comparable(posting.address),
        "name": squeeze(posting.name)[:200], "lang": posting.lang, "priority": int(posting.priority),
        "not_before": posting.not_before or at, "not_after": posting.not_after, "created_at": at, "changed_at": at,
        **new_names(),
    }  # fmt: skip


def new_names() -> dict[str, str]:
    """What a letter is called on its way: an unguessable token, and a Message-ID that stays the same."""
    token = secrets.token_hex(16)
    domain = parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"
    return {"token": token, "message_id": f"{token}@{domain}"}


def _ring_once_after_commit() -> None:
    """A hundred letters in one transaction need one ring."""
    session = db.session()
    if session.info.get("eventsys_mail_rung_in") is not session.get_transaction():
        session.info["eventsys_mail_rung_in"] = session.get_transaction()
        deliver.ring_after_commit()
