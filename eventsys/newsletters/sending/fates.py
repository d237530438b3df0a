"""The names behind a number of the ledger, searched and page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, func, select

from eventsys.database import db
from eventsys.folding import holds_all_words
from eventsys.mail.mailings.ledger import PAGE, STATES_OF, Part
from eventsys.mail.models import Delivery, MailingExclusion
from eventsys.paging import Paged


@dataclass(frozen=True)
class Names(Paged):
    """One page of names; `total` is how many there are on all pages."""

    size: ClassVar[int] = PAGE

    rows: Sequence[Any]
    total: int
    number: int


def letters(mailing_id: int, part: Part | None, text: str = "", page: int = 1) -> Names:
    """Letters of the mailing: of one part of the ledger or of all, that hold the words. Two queries."""
    conditions: list[ColumnElement[bool]] = [Delivery.mailing_id == mailing_id]
    if part is not None:
        conditions.append(Delivery.state.in_(STATES_OF[part]))
    if text:
        conditions.append(holds_all_words(text, Delivery.address, Delivery.name, Delivery.organisation))
    return _page(Delivery, conditions, page)


def left_out(mailing_id: int, reason: str = "", text: str = "", page: int = 1) -> Names:
    """Who was left out when the mailing was frozen, for one reason or for any. Two queries."""
    one = MailingExclusion
    conditions: list[ColumnElement[bool]] = [one.mailing_id == mailing_id]
    if reason:
        conditions.append(one.reason == reason)
    if text:
        conditions.append(holds_all_words(text, one.address, one.name, one.organisation))
    return _page(one, conditions, page)


def _page(kind: Any, conditions: list[ColumnElement[bool]], page: int) -> Names:
    total = db.session.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0
    page = max(1, min(page, -(-total // PAGE)))
    query = select(kind).where(*conditions).order_by(kind.id).limit(PAGE).offset((page - 1) * PAGE)
    return Names(db.session.scalars(query).all(), total, page)
