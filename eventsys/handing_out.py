"""Sets of public records that can be handed out (utlämnande av allmän handling): each slice offers its own.

A set is columns and rows; columns with personal data say so, and are masked until somebody decides otherwise. What is
masked is not in the file at all. Diet is in no set.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from flask import Flask, current_app

from eventsys.errors import NotFound
from eventsys.sheets import Cell

MASK = "[maskerat]"
LONGEST_ID = 9
Row = Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """A column of a set. `personal`: what masking it is called (`e-post`), empty when it holds no personal data."""

    name: str
    personal: str = ""


@dataclass(frozen=True)
class Choice:
    """One of the things a set is made for: an event, a mailing. `value` stands in the address."""

    value: str
    label: str


@dataclass(frozen=True)
class Table:
    """The set for one choice: its title, columns, and rows, which are read once."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]

    def given(self, kept: Collection[str], mask: Collection[str]) -> Iterator[Row]:
        """The rows with the columns that are kept, and MASK where there was something in a masked one."""
        places = [(place, column.name in mask) for place, column in enumerate(self.columns) if column.name in kept]
        for row in self.rows:
            yield [MASK if hide and row[place] not in ("", None) else row[place] for place, hide in places]

    def first(self, kept: Collection[str], mask: Collection[str], number: int) -> list[Row]:
        """The first rows as they would be handed out."""
        return list(islice(self.given(kept, mask), number))


@dataclass(frozen=True)
class RecordSet:
    """What a slice offers. `choices` are the things to choose among, newest first; None: there is one set only.

    `table(value, first, last)` raises NotFound for a value that is none. With `by_period` it is given two days,
    otherwise None and None.
    """

    key: str
    name: str
    text: str
    table: Callable[[str, date | None, date | None], Table]
    choices: Callable[[], Sequence[Choice]] | None = None
    by_period: bool = False


def id_in(value: str) -> int:
    """The id of a row that a choice's value holds. Raises NotFound for anything else."""
    if not (value.isascii() and value.isdigit()) or len(value) > LONGEST_ID:
        raise NotFound
    return int(value)


def init_record_sets(app: Flask, sets: Iterable[RecordSet]) -> None:
    """Tell the application which sets there are, in the order they are shown."""
    app.extensions["eventsys_record_sets"] = {one.key: one for one in sets}


def record_sets() -> Sequence[RecordSet]:
    """All sets."""
    known: dict[str, RecordSet] = current_app.extensions["eventsys_record_sets"]
    return list(known.values())


def record_set(key: str) -> RecordSet:
    """The set of this key. Raises NotFound."""
    found: RecordSet | None = current_app.extensions["eventsys_record_sets"].get(key)
    if found is None:
        raise NotFound
    return found
