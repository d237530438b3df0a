"""The formula held against question means and indices that Göteborgs Stad has published (2011-2014).

The means are printed with one decimal, so an index reckoned from them can be off by as much as that rounding makes:
0.05 in every mean is 0.05 / 9 * 100 = 0.5556 index points, and the printed index is rounded by 0.5 at most. The rows
are a part of the published tables, chosen so that they tell formulas apart.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from eventsys.surveys.nki import half_up, index_of_means

Row = tuple[float, float, float, int, bool]
Formula = Callable[[float, float, float], float]

_FILE = Path(__file__).with_name("published_nki.csv")
TOLERANCE = 0.5 + 0.05 / 9 * 100


def rows() -> list[Row]:
    with _FILE.open(encoding="utf-8") as opened:
        return [
            (
                float(row["mean_satisfied"]), float(row["mean_expectations"]), float(row["mean_ideal"]),
                int(row["published_nki"]), row["exact_after_rounding"] == "yes",
            )
            for row in csv.DictReader(opened)
        ]  # fmt: skip


ROWS = rows()


def fits(formula: Formula) -> bool:
    return all(abs(formula(*means) - published) <= TOLERANCE + 1e-9 for *means, published, _ in ROWS)


def test_there_is_enough_to_hold_it_against() -> None:
    assert len(ROWS) >= 40
    assert sum(exact for *_, exact in ROWS) > 20


@pytest.mark.parametrize("row", ROWS)
def test_a_published_row_fits_within_the_rounding_of_its_means(row: Row) -> None:
    *means, published, exact = row
    found = index_of_means(*means)
    assert abs(found - published) <= TOLERANCE + 1e-9
    if exact:
        assert half_up(round(found, 9)) == published


@pytest.mark.parametrize(
    "wrong",
    [
        lambda a, b, c: (a + b + c) / 3 * 10,
        lambda a, b, c: ((2 * a + b + c) / 4 - 1) / 9 * 100,
        lambda a, b, c: ((a + b + 2 * c) / 4 - 1) / 9 * 100,
        lambda a, b, c: (a + b + c) / 3 / 9 * 100,
    ],
    ids=["mean times ten", "the first counts double", "the last counts double", "without the one"],
)
def test_other_formulas_do_not_fit(wrong: Formula) -> None:
    assert not fits(wrong)
    assert fits(index_of_means)
