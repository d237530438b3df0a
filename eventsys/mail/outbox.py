"""Posting letters: a row in the caller's transaction, and after the commit a ring at the deliverers' door.

A letter is posted by name and id, not as bytes: it is made from the rows at sending time, so that it says what is true
then, and it is asked one last time whether it is still wanted.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.forms import squeeze
from eventsys.mail.actors import deliver
from eventsys.mail.addresses import comparable
from eventsys.mail.letters import Letter, letter_named, register_letters
from eventsys.mail.models import Delivery, DeliveryEvent, Priority, State

__all__ = ["Letter", "Priority", "post", "register_letters"]


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
    Raises ValueError when no letter of that name is registered.
    """
    if letter_named(letter) is None:
        raise ValueError(f"no letter is registered as {letter!r}")
    at = now()
    values = {
        "mailing_id": mailing_id, "purpose_key": purpose_key, "letter": letter, "subject_id": subject_id,
        "about": about, "address": comparable(address), "name": squeeze(name)[:200], "lang": lang,
        "priority": int(priority), "not_before": not_before or at, "not_after": not_after,
        "created_at": at, "changed_at": at, **_names(),
    }  # fmt: skip
    posted_id = db.session.execute(_insert_unless_there(values)).scalar()
    if posted_id is None:
        return None
    db.session.add(DeliveryEvent(delivery_id=posted_id, at=at, was=None, became=State.QUEUED))
    _ring_once_after_commit()
    return db.session.get(Delivery, posted_id)


def _names() -> dict[str, str]:
    token = secrets.token_hex(16)
    domain = parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"
    return {"token": token, "message_id": f"{token}@{domain}"}


def _insert_unless_there(values: dict[str, Any]) -> Any:
    """Both databases know ON CONFLICT DO NOTHING: a racing transaction is waited for, and no error spoils ours."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return insert(Delivery).values(values).on_conflict_do_nothing().returning(Delivery.id)


def _ring_once_after_commit() -> None:
    """A hundred letters in one transaction need one ring."""
    session = db.session()
    if session.info.get("eventsys_mail_rung_in") is not session.get_transaction():
        session.info["eventsys_mail_rung_in"] = session.get_transaction()
        deliver.ring_after_commit()
