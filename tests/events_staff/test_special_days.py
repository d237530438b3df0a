"""What is said about a date before people are invited."""

from __future__ import annotations

from datetime import date

import pytest

from eventsys.events.special_days import is_squeezed, remarks_on

TODAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 5), []),
        (date(2026, 4, 3), ["3 april 2026 är långfredagen."]),
        (date(2026, 5, 15), ["15 maj 2026 är en klämdag. Många är lediga då."]),  # after Ascension Day
        (date(2026, 6, 6), ["6 juni 2026 är nationaldagen."]),
        (date(2026, 6, 19), ["19 juni 2026 är midsommarafton."]),
        (date(2026, 3, 7), ["7 mars 2026 är en lördag."]),
        (date(2026, 7, 8), ["Vecka 28 är mitt i semestern. Färre brukar komma."]),
        (date(2026, 8, 3), []),
        (date(2025, 12, 30), ["30 december 2025 har redan varit."]),
    ],
)
def test_the_day_is_remarked_on(day: date, said: list[str]) -> None:
    assert remarks_on(day, TODAY) == said


def test_a_squeezed_day_stands_alone_between_days_off() -> None:
    assert is_squeezed(date(2026, 5, 15))
    assert not is_squeezed(date(2026, 5, 13))
    assert not is_squeezed(date(2026, 6, 5))  # a Friday before a holiday on a Saturday, as any Friday
