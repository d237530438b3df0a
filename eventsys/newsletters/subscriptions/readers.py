"""The staff's list of readers, read page by page: search and filters are done by the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import selectinload

from eventsys.database import db
from eventsys.folding import holds_all_words
from eventsys.newsletters.lists import COMPANIES, list_names
from eventsys.newsletters.subscriptions.models import Reader, Subscription, SubscriptionState, Way
from eventsys.paging import Paged

PAGE = 50


class Show(StrEnum):
    """Which readers: those who have a list, who have left one, who want nothing at all."""

    HAVE = "har"
    LEFT = "slutat"
    REFUSE = "avbojt"


@dataclass(frozen=True)
class Wanted:
    """The filter, as the list's address holds it; what is empty does not narrow it."""

    text: str = ""
    list: str = ""
    show: Show | None = None
    way: Way | None = None

    @property
    def args(self) -> dict[str, str]:
        given = {"q": self.text, "brev": self.list, "lage": self.show or "", "satt": self.way or ""}
        return {name: str(value) for name, value in given.items() if value}


@dataclass(frozen=True)
class ReaderPage(Paged):
    """One page of the list, newest first; `number` counts from 1."""

    size: ClassVar[int] = PAGE

    readers: Sequence[Reader]
    number: int
    total: int


def reader_page(wanted: Wanted, number: int = 1) -> ReaderPage:
    """A page that is beyond the last is the last one. Three queries."""
    chosen = _narrowed(select(Reader.id), wanted)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number = max(1, min(number, -(-total // PAGE)))
    query = _narrowed(select(Reader), wanted).options(selectinload(Reader.subscriptions))
    query = query.order_by(Reader.added_at.desc(), Reader.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    return ReaderPage(db.session.scalars(query).all(), number, total)


def all_readers(wanted: Wanted) -> Iterator[Reader]:
    """Everybody whom the filter shows, by address."""
    query = _narrowed(select(Reader), wanted).options(selectinload(Reader.subscriptions)).order_by(Reader.address)
    yield from db.session.scalars(query)


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.text:
        query = query.where(holds_all_words(wanted.text, Reader.address, Reader.name, Reader.organisation))
    if wanted.show is Show.REFUSE:
        query = query.where(Reader.refused_at.is_not(None))
    about_lists = _about_lists(wanted)
    return query.where(Reader.subscriptions.any(*about_lists)) if about_lists else query


def _about_lists(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.list:
        found.append(Subscription.list == wanted.list)
    if wanted.show in (Show.HAVE, Show.LEFT):
        found.append(Subscription.list != COMPANIES)
        has = wanted.show is Show.HAVE
        found.append(Subscription.state == (SubscriptionState.ACTIVE if has else SubscriptionState.ENDED))
    if wanted.way is not None:
        found.append(Subscription.way == wanted.way)
    return [and_(*found)] if found else []


def lists_in_use() -> dict[str, str]:
    """The lists that somebody has or had, by key, with their names in Swedish. Two queries."""
    keys = db.session.scalars(select(Subscription.list).distinct().where(Subscription.list != COMPANIES)).all()
    return list_names(keys)


def how_many() -> dict[str, int]:
    """How many have each list now, by key; those who refuse all are not counted."""
    query = (
        select(Subscription.list, func.count())
        .join(Subscription.reader)
        .where(Subscription.state == SubscriptionState.ACTIVE, Reader.refused_at.is_(None))
        .group_by(Subscription.list)
    )
    return dict(db.session.execute(query).all())
