"""All letters in one list, counted by what became of them. The counts add up, and each opens exactly what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar, NamedTuple

from sqlalchemy import ColumnElement, func, select

from eventsys.clock import now
from eventsys.database import db
from eventsys.desk.search import says
from eventsys.desk.sight import letters_seen_by, midnight
from eventsys.errors import NotFound
from eventsys.mail.models import WAITING, Delivery, State, Suppression
from eventsys.paging import Paged
from eventsys.staff.models import Account

PAGE = 50
LATE_AFTER = timedelta(hours=1)
LATE = "forsenade"


class Part(NamedTuple):
    """One part of the ledger: its word in the address, what staff read, its colour and the states it counts."""

    key: str
    label: str
    tone: str
    states: tuple[State, ...]


PARTS = (
    Part("skickade", "skickade", "good", (State.ACCEPTED,)),
    Part("vantar", "väntar", "info", WAITING),
    Part("avvisade", "avvisade", "bad", (State.REJECTED,)),
    Part("okanda", "okända", "warn", (State.UNKNOWN,)),
    Part("studsade", "studsade", "soft", (State.BOUNCED, State.COMPLAINED)),
    Part("stoppade", "stoppade", "neutral", (State.SKIPPED,)),
)
_STATES = {part.key: part.states for part in PARTS} | {LATE: (State.DEFERRED,)}


@dataclass(frozen=True)
class LetterFilter:
    """Which letters are wanted; what is empty does not narrow it. `since` is a Swedish day, of the last change."""

    part: str = ""
    letter: str = ""
    text: str = ""
    since: date | None = None

    @property
    def args(self) -> dict[str, str]:
        """The filter as it stands in an address."""
        given = {"lage": self.part, "slag": self.letter, "q": self.text, "fran": str(self.since or "")}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class LetterPage(Paged):
    """One page of the list, newest first; `number` counts from 1."""

    size: ClassVar[int] = PAGE

    letters: Sequence[Delivery]
    number: int
    total: int


@dataclass(frozen=True)
class Count:
    """One part of the ledger with its number of letters, and the filter that opens them."""

    part: Part
    number: int
    filter: LetterFilter


def counts(account: Account, wanted: LetterFilter) -> list[Count]:
    """How many of the wanted letters each part holds, whatever part is chosen. Together they are all of them."""
    anywhere = replace(wanted, part="")
    query = select(Delivery.state, func.count()).where(*_conditions(account, anywhere)).group_by(Delivery.state)
    by_state = {row[0]: row[1] for row in db.session.execute(query)}
    return [
        Count(part, sum(by_state.get(state, 0) for state in part.states), replace(anywhere, part=part.key))
        for part in PARTS
    ]


def letter_page(account: Account, wanted: LetterFilter, number: int = 1) -> LetterPage:
    """The page with this number of the wanted letters that the account may see; too high a number gives the last."""
    conditions = _conditions(account, wanted)
    total = db.session.scalar(select(func.count()).select_from(Delivery).where(*conditions)) or 0
    number = max(1, min(number, -(-total // PAGE)))
    query = select(Delivery).where(*conditions).order_by(Delivery.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    return LetterPage(db.session.scalars(query).all(), number, total)


def how_many(account: Account, filters: Sequence[LetterFilter]) -> list[int]:
    """How many letters each filter opens, all in one query."""
    seen = letters_seen_by(account, now())
    columns = [func.count().filter(*_narrowed(wanted)) for wanted in filters]
    states = {state for wanted in filters for state in _STATES[wanted.part]}
    return list(db.session.execute(select(*columns).where(seen, Delivery.state.in_(states))).one())


def _conditions(account: Account, wanted: LetterFilter) -> list[ColumnElement[bool]]:
    return [letters_seen_by(account, now()), *_narrowed(wanted)]


def _narrowed(wanted: LetterFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.part in _STATES:
        conditions.append(Delivery.state.in_(_STATES[wanted.part]))
    if wanted.part == LATE:
        conditions.append(Delivery.created_at < now() - LATE_AFTER)
    if wanted.letter:
        conditions.append(Delivery.letter == wanted.letter)
    if wanted.text:
        conditions.append(says(wanted.text))
    if wanted.since:
        conditions.append(Delivery.changed_at >= midnight(wanted.since))
    return conditions


# --- one letter ---------------------------------------------------------------------------------------------------


def letter_by_id(account: Account, letter_id: int) -> Delivery:
    """A letter that the account may see. Raises NotFound."""
    query = select(Delivery).where(Delivery.id == letter_id, letters_seen_by(account, now()))
    letter = db.session.scalars(query).one_or_none()
    if letter is None:
        raise NotFound
    return letter


# --- suppressed addresses -----------------------------------------------------------------------------------------


def suppressions() -> Sequence[Suppression]:
    """The addresses that get nothing from us, newest first."""
    query = select(Suppression).where(Suppression.lifted_at.is_(None)).order_by(Suppression.id.desc())
    return db.session.scalars(query).all()


def lifted_suppressions(most: int = 20) -> Sequence[Suppression]:
    """Those that were lifted last."""
    query = select(Suppression).where(Suppression.lifted_at.isnot(None)).order_by(Suppression.lifted_at.desc())
    return db.session.scalars(query.limit(most)).all()


def suppression_by_id(suppression_id: int) -> Suppression:
    """Raises NotFound."""
    found = db.session.get(Suppression, suppression_id)
    if found is None:
        raise NotFound
    return found


def newly_suppressed(since: date) -> int:
    """How many addresses were suppressed since this Swedish day began and still are."""
    query = select(func.count()).select_from(Suppression)
    return db.session.scalar(query.where(Suppression.lifted_at.is_(None), Suppression.added_at >= midnight(since))) or 0
