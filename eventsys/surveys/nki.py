"""NKI (Nöjd-Kund-Index): an index from 0 to 100 of three questions on a scale from 1 to 10, and how certain it is.

The questions are how satisfied one is on the whole, how well expectations were met, and how near an ideal it came.

- Index of one person: (mean of the three - 1) / 9 * 100, equal weights. Published in this form by Netigate
  ("NKI - Nöjd Kund Index"); SKR maps a scale from 1 to 5 the same way. Held against question means and indices that
  Göteborgs Stad has published for 2011-2014 (tests/surveys/test_published.py).
- Whoever has not answered all three with a number is not counted; "vet ej" and blanks are never numbers.
- Index of a group: the mean of its persons', on unrounded data. Of several events together every person weighs the
  same; it is never the mean of the events' indices.
- Margin of error at 95 %: t(0.975, n - 1) * s / sqrt(n) * sqrt((N - n) / (N - 1)), where s is the standard deviation
  of the persons' indices with n - 1, and N how many were invited. The last factor is the finite population correction
  (Cochran, Sampling Techniques, 1977, 2.5); without N it is 1.
- Rounded once, when it is shown, half up. Groups of fewer than LEAST answers are shown as `*`.

Pure functions: nothing here reads the database.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Answer = tuple[int | None, int | None, int | None]
"""What one person answered to the three questions: 1 to 10, or None for "vet ej" and blanks."""

LOWEST, HIGHEST, QUESTIONS = 1, 10, 3
LEAST = 7
"""So many answers a figure needs; fewer could be about somebody."""
TOO_FEW = "*"


class Band(StrEnum):
    """How an index is spoken of."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    FAIR = "fair"
    LOW = "low"
    VERY_LOW = "very_low"


BANDS: tuple[tuple[int, Band], ...] = (
    (80, Band.VERY_HIGH), (70, Band.HIGH), (62, Band.FAIR), (50, Band.LOW), (0, Band.VERY_LOW),
)  # fmt: skip
"""From which rounded index each band begins, falling."""


@dataclass(frozen=True)
class NkiResult:
    """An index of a group and what to judge it by. Numbers are index points, unrounded."""

    n: int
    """Persons who answered all three questions."""
    value: float | None
    """None when nobody did."""
    sd: float | None
    """Of the persons' indices; None for fewer than two."""
    margin: float | None
    """At 95 %, plus or minus; None for fewer than two. 0 when everybody invited has answered."""
    shown: str
    """What stands on the screen: `73`, or `*` when too few have answered."""
    band: Band | None
    """Of the number that is shown; None when it is hidden."""
    invited: int | None = None

    @property
    def is_hidden(self) -> bool:
        return self.shown == TOO_FEW


def index_of_means(satisfied: float, expectations: float, ideal: float) -> float:
    """The index of three mean answers, each from 1 to 10: a number from 0 to 100. ValueError outside 1 to 10."""
    means = (satisfied, expectations, ideal)
    if not all(LOWEST <= mean <= HIGHEST for mean in means):
        raise ValueError(f"means of answers lie from {LOWEST} to {HIGHEST}, not {means}")
    return (math.fsum(means) / QUESTIONS - LOWEST) / (HIGHEST - LOWEST) * 100


def nki(
    answers: Iterable[Sequence[int | None]],
    invited: int | None = None,
    least: int = LEAST,
    bands: Sequence[tuple[int, Band]] = BANDS,
) -> NkiResult:
    """The index of these answers, each a triple of 1 to 10 or None (see the head of this file for the rules).

    `invited`: how many were asked, for the margin. ValueError for answers outside 1 to 10, and when more have answered
    than were invited.
    """
    return nki_of_counts(Counter(_whole(answer) for answer in answers), invited, least, bands)


def nki_of_counts(
    counts: Mapping[Answer, int],
    invited: int | None = None,
    least: int = LEAST,
    bands: Sequence[tuple[int, Band]] = BANDS,
) -> NkiResult:
    """The same of answers that are counted already: how many persons gave each triple. Exact whatever the number."""
    sums = _sums(counts)
    n = sum(sums.values())
    if invited is not None and n > invited:
        raise ValueError(f"{n} have answered, but only {invited} were invited")
    if not n:
        return NkiResult(0, None, None, None, TOO_FEW, None, invited)
    value, sd = _mean(sums, n), _deviation(sums, n)
    rounded = half_up(value)
    shown = n >= least
    return NkiResult(
        n=n,
        value=float(value),
        sd=sd,
        margin=None if sd is None else _margin(sd, n, invited),
        shown=str(rounded) if shown else TOO_FEW,
        band=band_of(rounded, bands) if shown else None,
        invited=invited,
    )


def pooled(groups: Iterable[Mapping[Answer, int]]) -> Counter[Answer]:
    """The answers of several events together, so that every person weighs the same."""
    together: Counter[Answer] = Counter()
    for counts in groups:
        together.update(counts)
    return together


def band_of(rounded: int, bands: Sequence[tuple[int, Band]] = BANDS) -> Band:
    """The band of a rounded index from 0 to 100."""
    return next(band for begins, band in bands if rounded >= begins)


def half_up(value: Fraction | float) -> int:
    """A number that is not negative, rounded to the nearest whole, a half upwards."""
    return math.floor(Fraction(value) + Fraction(1, 2))


def is_within_margin(before: NkiResult, after: NkiResult) -> bool:
    """Whether the change between two groups is smaller than chance may make it.

    The margin of a difference between independent groups is the root of the sum of both margins' squares. With a group
    that has no margin nothing can be said of a change, so it counts as within.
    """
    if before.value is None or after.value is None or before.margin is None or after.margin is None:
        return True
    return abs(after.value - before.value) <= math.hypot(before.margin, after.margin)


def _whole(answer: Sequence[int | None]) -> Answer:
    satisfied, expectations, ideal = answer
    return satisfied, expectations, ideal


def _sums(counts: Mapping[Answer, int]) -> Counter[int]:
    """How many persons have each sum of three numbers; who has not answered all three is left out."""
    sums: Counter[int] = Counter()
    for answer, persons in counts.items():
        numbers = [number for number in answer if number is not None]
        if not all(LOWEST <= number <= HIGHEST for number in numbers):
            raise ValueError(f"answers are whole numbers from {LOWEST} to {HIGHEST}, not {answer}")
        if len(numbers) == QUESTIONS and persons:
            sums[sum(numbers)] += persons
    return sums


def _index(total: int) -> Fraction:
    """The index of one person whose three answers sum to this."""
    return (Fraction(total, QUESTIONS) - LOWEST) / (HIGHEST - LOWEST) * 100


def _mean(sums: Mapping[int, int], n: int) -> Fraction:
    return sum((_index(total) * persons for total, persons in sums.items()), Fraction()) / n


def _deviation(sums: Mapping[int, int], n: int) -> float | None:
    if n < 2:
        return None
    mean = _mean(sums, n)
    squares = sum(((_index(total) - mean) ** 2 * persons for total, persons in sums.items()), Fraction())
    return math.sqrt(squares / (n - 1))


def _margin(sd: float, n: int, invited: int | None) -> float:
    remaining = 1.0 if invited is None else math.sqrt((invited - n) / (invited - 1))
    return student_t(n - 1) * sd / math.sqrt(n) * remaining


# --- Student's t --------------------------------------------------------------------------------------------------

_EXACT_UP_TO = 100


def student_t(freedom: int) -> float:
    """t(0.975, freedom): between minus and plus this lie 95 % of Student's distribution; 12.706 for 1, 1.96 for many.

    For few degrees of freedom the distribution's closed form is solved (Abramowitz and Stegun 26.7.3 and 26.7.4); for
    many the expansion around the normal distribution is exact enough (26.7.5: better than 1e-7 above 100). To three
    decimals, as every printed table has it, so that a margin can be checked by hand.
    """
    if freedom < 1:
        raise ValueError("at least one degree of freedom is needed")
    return round(_solved(freedom) if freedom <= _EXACT_UP_TO else _expanded(freedom), 3)


def _expanded(v: int) -> float:
    x = 1.959963984540054  # the normal distribution's
    g1 = (x**3 + x) / 4
    g2 = (5 * x**5 + 16 * x**3 + 3 * x) / 96
    g3 = (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384
    g4 = (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160
    return x + g1 / v + g2 / v**2 + g3 / v**3 + g4 / v**4


def _solved(freedom: int) -> float:
    low, high = 1.9, 13.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < 0.95 else (low, middle)
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """How much of the distribution lies between -t and t."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    if freedom % 2 == 0:
        return sine * _series(square, [(k, k + 1) for k in range(1, freedom - 2, 2)])
    if freedom == 1:
        return 2 * angle / math.pi
    series = _series(square, [(k, k + 1) for k in range(2, freedom - 2, 2)])
    return 2 / math.pi * (angle + sine * math.cos(angle) * series)


def _series(square: float, ratios: Sequence[tuple[int, int]]) -> float:
    """1 + a1/b1 * x + a1*a2/(b1*b2) * x**2 + ..., where x is the square of the cosine."""
    term = total = 1.0
    for above, below in ratios:
        term *= above / below * square
        total += term
    return total


# --- hiding small groups ------------------------------------------------------------------------------------------


def hidden_parts(sizes: Sequence[int], least: int = LEAST) -> list[bool]:
    """Which parts of a whole must not be shown, given how many answered in each, when the whole is shown.

    A part of fewer than `least` answers is hidden. When what is hidden could be had by taking the shown parts from the
    whole (one part alone, or parts that together are fewer than `least`), the smallest of the others is hidden too, and
    so on. A part without answers tells of nobody: it hides nothing, and is never what hides another.
    """
    hidden = [0 < size < least for size in sizes]
    while any(hidden) and not _is_safe(sizes, hidden, least):
        shown = [place for place, size in enumerate(sizes) if size and not hidden[place]]
        if not shown:
            break
        hidden[min(shown, key=lambda place: sizes[place])] = True
    return hidden


def _is_safe(sizes: Sequence[int], hidden: Sequence[bool], least: int) -> bool:
    covered = [size for size, is_hidden in zip(sizes, hidden, strict=True) if is_hidden]
    return len(covered) > 1 and sum(covered) >= least
