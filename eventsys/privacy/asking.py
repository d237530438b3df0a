"""Somebody asks about their own data: by the form, confirmed from the mailbox; or by telephone, begun by staff."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, select

from eventsys import audit
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.outbox import post
from eventsys.personal import FORGOTTEN
from eventsys.privacy.models import PersonRequest, RequestState, Wish
from eventsys.privacy.queries import request_by_token
from eventsys.tokens import new_token

CONFIRM, RECEIVED = "privacy/confirm_request", "privacy/request_received"
LASTS = timedelta(days=7)
HOUR = timedelta(hours=1)


class LinkUsed(Refused):
    """The request was confirmed before."""


class LinkEnded(Refused):
    """The link is too old."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks. `address` is comparable."""

    wish: Wish
    address: str
    name: str = ""
    text: str = ""
    lang: str = "sv"


def ask(asked: Asked, at: datetime) -> None:
    """Keep the request, and ask the address by letter whether it is true. Flushes, does not commit.

    Nothing here depends on whether we know the address. It gets one such letter an hour, whoever asks how often.
    """
    earlier = db.session.scalars(_unconfirmed(asked.address).where(PersonRequest.created_at > at - HOUR)).first()
    if earlier is not None:
        return
    row = _row(asked, at)
    db.session.add(row)
    db.session.flush()
    post(
        CONFIRM, row.id, purpose_key=f"person_request:confirm:{row.id}", address=row.address,
        name="", lang=row.lang, about=about(row.id), not_after=row.ends_at,
    )  # fmt: skip


def _unconfirmed(address: str) -> Select[PersonRequest]:
    return select(PersonRequest).where(PersonRequest.address == address, PersonRequest.state == RequestState.ASKED)


def _row(asked: Asked, at: datetime) -> PersonRequest:
    return PersonRequest(
        token=new_token(), wish=asked.wish, address=asked.address, name=asked.name, text=asked.text, lang=asked.lang,
        created_at=at, ends_at=at + LASTS,
    )  # fmt: skip


def about(request_id: int) -> str:
    return f"person_request:{request_id}"


def confirm(token: str, at: datetime) -> PersonRequest:
    """The owner of the mailbox says that it is true: now staff have it, and a letter says so.

    Raises NotFound, LinkUsed, LinkEnded. Flushes, does not commit.
    """
    row = request_by_token(token, locked=True)
    if row.state is not RequestState.ASKED:
        raise LinkUsed
    if at >= row.ends_at:
        raise LinkEnded
    _begin(row, at)
    return row


def begin_by_hand(asked: Asked, by: str, at: datetime) -> PersonRequest:
    """Staff begin a request for somebody who telephoned or wrote; `asked.text` says how it is known who asks.

    The person gets the letter of receipt. Flushes, does not commit.
    """
    row = _row(asked, at)
    row.begun_by = by[:120]
    db.session.add(row)
    db.session.flush()
    _begin(row, at)
    return row


def _begin(row: PersonRequest, at: datetime) -> None:
    row.state, row.confirmed_at, row.due_on = RequestState.WAITING, at, a_month_after(local(at).date())
    db.session.flush()
    post(
        RECEIVED, row.id, purpose_key=f"person_request:received:{row.id}", address=row.address, name=row.name,
        lang=row.lang, about=about(row.id),
    )  # fmt: skip
    audit.record("person_request.begun", about(row.id), wish=row.wish.value)


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last (regulation 1182/71, article 3.2 c)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


# --- what nobody confirmed ----------------------------------------------------------------------------------------


def has_unconfirmed(at: datetime) -> bool:
    """Whether a link has ended that nobody used."""
    old = select(PersonRequest.id).where(PersonRequest.state == RequestState.ASKED, PersonRequest.ends_at <= at)
    return db.session.execute(old.limit(1)).first() is not None


def forget_unconfirmed(at: datetime) -> int:
    """Delete requests that nobody confirmed in time: somebody else may have written the address. Returns how many."""
    gone = delete(PersonRequest).where(PersonRequest.state == RequestState.ASKED, PersonRequest.ends_at <= at)
    rows = db.session.execute(gone.returning(PersonRequest.id).execution_options(synchronize_session=False)).all()
    return len(rows)


def forget_request(row: PersonRequest) -> None:
    """What was asked and what became of it stay; who it was goes. Flushes."""
    row.address, row.text, row.token = "", "", new_token()
    row.name = FORGOTTEN
    db.session.flush()
