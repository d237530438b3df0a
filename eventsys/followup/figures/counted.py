"""A figure and the lines it was counted from: there is no other way to make one than from its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from eventsys.i18n import number
from eventsys.surveys.nki import TOO_FEW, NkiResult, half_up

UNKNOWN = "–"

Cell = str | int | date | None


@dataclass(frozen=True)
class Line:
    """One thing that was counted, as the page of the figure shows it; `url` opens the thing."""

    cells: tuple[Cell, ...]
    url: str = ""
    number: int = 1
    """What it adds to the figure."""
    of: int = 0
    """What it adds to what the figure is a share of."""
    group: str = ""
    """What it is summed up by beside the whole: a source, a series."""
    counts: bool = True
    """False for what is shown but not in the figure, such as an event with too few answers."""
    index: float = 0.0
    """Of an NKI: the index of these `number` answers, unrounded."""


@dataclass(frozen=True)
class Counted:
    """A figure. `value` is None while it is unknown or must not be shown; `base` is never empty."""

    value: float | None
    shown: str
    base: str
    lines: Sequence[Line] = field(default=(), repr=False)

    @property
    def groups(self) -> list[tuple[str, int]]:
        """What the counted lines add by group, most first; empty when there is nothing to part by."""
        sums: Counter[str] = Counter()
        for line in self.lines:
            if line.counts and line.group:
                sums[line.group] += line.number
        return sums.most_common()


def unknown(base: str, lines: Sequence[Line] = ()) -> Counted:
    """Nobody can tell, which is something else than nought."""
    return Counted(None, UNKNOWN, base, lines)


def total(lines: Iterable[Line]) -> int:
    """What the lines that count add up to."""
    return sum(line.number for line in lines if line.counts)


def count_of(lines: Sequence[Line], base: str, why_unknown: Callable[[], str]) -> Counted:
    """How many they are together. Without any line `why_unknown` is asked; an empty answer says that nought is true."""
    if not lines and (reason := why_unknown()):
        return unknown(reason)
    value = total(lines)
    return Counted(value, number(value), base, lines)


def share_of(lines: Sequence[Line], base: Callable[[int, int], str], nothing: str) -> Counted:
    """Per cent, half up, of what the lines add; `nothing` says that there is nothing to take a share of."""
    part, whole = total(lines), sum(line.of for line in lines if line.counts)
    if not whole:
        return unknown(nothing, lines)
    value = half_up(Fraction(100 * part, whole))
    return Counted(value, f"{value} %", base(part, whole), lines)


def index_of(nki: NkiResult, lines: Sequence[Line], base: str, nothing: str) -> Counted:
    """An NKI as it may be shown: with its margin, as `*`, or as unknown without anything to count."""
    if not lines:
        return unknown(nothing)
    if nki.is_hidden:
        return Counted(None, TOO_FEW, base, lines)
    return Counted(int(nki.shown), f"{nki.shown}{margin(nki)}", base, lines)


def margin(nki: NkiResult) -> str:
    """` ± 4,2`, or nothing where there is none."""
    return "" if nki.margin is None else f" ± {number(half_up(nki.margin * 10) / 10)}"


def many(count: int, one: str, more: str) -> str:
    """`1 evenemang`, `2 visningar`: a number with its word."""
    return f"{number(count)} {one if count == 1 else more}"
