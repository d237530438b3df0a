"""One person's data: what each slice keeps of somebody, how it is forgotten, and what stays and why.

A person is an address. Names and telephone numbers that stand beside it are theirs too, but only there: somebody else
may have the same name, and colleagues share a switchboard.

Rows stay, so that what was counted stays; the person in them goes. A name becomes FORGOTTEN, an address nothing, or
where one must stand `forgotten_address`, which says nothing of whose it was. Only a no to our letters is kept so that
it still holds when the address comes back by an import: `kept_no` is a hash that leads from the address to the no for
who has the secret key, and from the no to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import ColumnElement, or_, select

from eventsys.database import Base, db
from eventsys.folding import fold, folded
from eventsys.tokens import mark_of

FORGOTTEN = "Raderad person"
"""Stands where a name stood."""
PREFIX, _NOWHERE = "raderad-", "@invalid"
"""RFC 2606: no letter ever arrives at a name under .invalid."""
AT_A_TIME = 500
_BETWEEN = r"[\s\-/().]*"

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """Somebody, by their address as mail.addresses.comparable makes it, and what stands beside it in our rows."""

    address: str
    names: frozenset[str] = frozenset()
    """As they were written."""
    phones: frozenset[str] = frozenset()
    """As they were written, and as E.164."""
    companies: frozenset[int] = frozenset()
    """Ids of companies where the address stands: free text about these may name the person."""

    def and_(self, other: Person) -> Person:
        """All that is known of the same person in two places."""
        return replace(
            self,
            names=self.names | {name for name in other.names if name and name != FORGOTTEN},
            phones=self.phones | (other.phones - {""}),
            companies=self.companies | other.companies,
        )

    def stands_in(self, text: str) -> bool:
        """Whether a text holds the address, a whole name or a telephone number, however it is written."""
        return any(pattern.search(text) for pattern in self._patterns)

    def address_stands_in(self, text: str) -> bool:
        return self._address.search(text) is not None

    def taken_out_of(self, text: str) -> str:
        """The text without the person."""
        for pattern in self._patterns:
            text = pattern.sub(FORGOTTEN, text)
        return text

    @cached_property
    def _address(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.+-]){re.escape(self.address)}(?![\w-]|\.\w)", re.IGNORECASE)

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        names = sorted((name for name in self.names if len(name.split()) > 1), key=len, reverse=True)
        return [self._address, *map(_name_pattern, names), *map(_phone_pattern, sorted(filter(_is_long, self.phones)))]


def _name_pattern(name: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _is_long(phone: str) -> bool:
    return len(re.sub(r"\D", "", phone)) >= 6


def _phone_pattern(phone: str) -> re.Pattern[str]:
    """The number however it is spaced, with 0 or with the country's +46."""
    digits = re.sub(r"\D", "", phone)
    national = re.sub(r"^(?:0046|46)" if phone.strip().startswith(("+", "00")) else r"^0", "", digits).lstrip("0")
    return re.compile(rf"(?<!\d)(?:(?:\+|00)46{_BETWEEN}0?|0|){_BETWEEN.join(national)}(?!\d)")


# --- what a slice answers -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """What we keep of one kind: the title and columns in Swedish, the rows as text, why we have it and how long."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    why: str = ""


@dataclass(frozen=True)
class Forgotten:
    """What was done, in Swedish, to how many."""

    what: str
    number: int


@dataclass(frozen=True)
class Remains:
    """What stays, and why, in Swedish."""

    what: str
    why: str


@dataclass(frozen=True)
class Coming:
    """Something ahead that must be settled before the person can be forgotten, and the page where that is done."""

    what: str
    url: str


Outcome = Forgotten | Remains


def nothing_known(address: str) -> Person:
    return Person(address)


def nothing_coming(_person: Person, _at: datetime) -> Sequence[Coming]:
    return ()


def nothing_remains(_person: Person) -> Sequence[Remains]:
    return ()


def nothing_corrected(_person: Person, _name: str, _phone: str, _e164: str) -> int:
    return 0


@dataclass(frozen=True)
class Keeper:
    """What one slice keeps of people.

    `known` gathers the names, numbers and companies that stand beside an address. `extract` shows everything that is
    the person's, and nothing else's. `forget` makes it nobody's (it flushes, and works a second time without effect).
    `remains` says beforehand what `forget` would leave; `coming` what stands in its way. `correct` writes another name,
    number and the number as E.164 (empty: as it was) and says in how many rows. `tables` are those that the keeper
    answers for; tests/privacy/test_every_table.py holds that every table has one, or a reason to have none.
    """

    name: str
    extract: Callable[[Person], Sequence[Section]]
    forget: Callable[[Person, datetime], Sequence[Outcome]]
    known: Callable[[str], Person] = nothing_known
    remains: Callable[[Person], Sequence[Remains]] = nothing_remains
    coming: Callable[[Person, datetime], Sequence[Coming]] = nothing_coming
    correct: Callable[[Person, str, str, str], int] = nothing_corrected
    tables: Mapping[str, str] = field(default_factory=dict)
    """Table -> what of people it holds, in English, for who adds the next one."""


def register_keepers(app: Flask, keepers: Sequence[Keeper]) -> None:
    """Make these known to the application, in the order in which they forget. Called by create_app."""
    app.extensions["eventsys_keepers"] = tuple(keepers)


def keepers() -> tuple[Keeper, ...]:
    known: tuple[Keeper, ...] = current_app.extensions.get("eventsys_keepers", ())
    return known


# --- addresses of nobody ------------------------------------------------------------------------------------------


def forgotten_address(what: str) -> str:
    """An address that stands for somebody forgotten; `what` is the kind and id of the row, so that no two are alike."""
    return f"{PREFIX}{what}{_NOWHERE}"


def kept_no(address: str) -> str:
    """What a no is kept under when its address is forgotten: a hash that only the secret key leads to.

    `address` is comparable. With another secret key earlier ones are not found any more.
    """
    return forgotten_address(mark_of(address, "no", 32))


def is_forgotten(address: str) -> bool:
    """Whether nobody is behind this any more: no letter is posted there."""
    return address.endswith(_NOWHERE) and address.startswith(PREFIX)


# --- rows ---------------------------------------------------------------------------------------------------------


def portions(ids: Iterable[T]) -> Iterator[list[T]]:
    """Ids a few hundred at a time, as both databases take them in one statement."""
    rest = iter(ids)
    while some := list(islice(rest, AT_A_TIME)):
        yield some


def naming(person: Person, *columns: Any) -> ColumnElement[bool]:
    """SQL: the address may stand in one of these columns of text; ask `Person.address_stands_in` to be sure."""
    return or_(*(folded(column).contains(fold(person.address), autoescape=True) for column in columns))


def take_out(kind: type[Base], columns: Sequence[str], person: Person, tied: ColumnElement[bool] | None = None) -> int:
    """Take the address out of free text, wherever it stands; out of `tied` rows the names and numbers too.

    Returns how many rows were changed. Flushes.
    """
    return sum(_take_out_of(row, columns, person) for row in rows_naming(kind, columns, person, tied))


def rows_naming(
    kind: type[Base], columns: Sequence[str], person: Person, tied: ColumnElement[bool] | None = None
) -> list[Any]:
    """The rows in whose free text the person stands: by address anywhere, in `tied` rows by name and number too."""
    named = naming(person, *(getattr(kind, name) for name in columns))
    by_address = db.session.scalars(select(kind).where(named)).all()
    by_name = db.session.scalars(select(kind).where(tied)).all() if tied is not None else ()
    found: dict[Any, Any] = {}
    for row in by_address:
        if any(person.address_stands_in(getattr(row, name) or "") for name in columns):
            found[id(row)] = row
    for row in by_name:
        if any(person.stands_in(getattr(row, name) or "") for name in columns):
            found[id(row)] = row
    return list(found.values())


def _take_out_of(row: Any, columns: Sequence[str], person: Person) -> bool:
    before = {name: getattr(row, name) or "" for name in columns}
    for name, text in before.items():
        longest = getattr(type(row).__table__.c[name].type, "length", None)
        without = person.taken_out_of(text)[:longest]
        if without != text:
            setattr(row, name, without)
    db.session.flush()
    return any((getattr(row, name) or "") != text for name, text in before.items())
