"""The index of raw answers: who counts, how certain it is, how it is rounded, named and hidden."""

from __future__ import annotations

import math
import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.surveys.nki import (
    LEAST,
    Band,
    band_of,
    half_up,
    hidden_parts,
    index_of_means,
    is_within_margin,
    nki,
    nki_of_counts,
    pooled,
    student_t,
)

# Ten people; None is "vet ej" or blank. Seven have answered all three.
VECTOR = [
    (10, 9, 9), (8, 8, 7), (7, 6, None), (9, 10, 8), (5, 4, 4), (8, 7, 7), (6, None, 5), (10, 10, 10),
    (None, None, None), (3, 2, 1),
]  # fmt: skip
grades = st.integers(1, 10)
whole = st.tuples(grades, grades, grades)
answers = st.tuples(*[st.none() | grades] * 3)


def test_the_vector_of_the_method_gives_its_figures_to_four_decimals() -> None:
    found = nki(VECTOR, invited=25)
    assert (found.n, found.shown, found.band) == (7, "68", Band.FAIR)
    assert [round(figure or 0, 4) for figure in (found.value, found.sd, found.margin)] == [67.7249, 32.4093, 25.9588]


def test_without_the_number_invited_the_margin_is_that_of_an_endless_population() -> None:
    assert round(nki(VECTOR).margin or 0, 4) == 29.9747


def test_when_everybody_has_answered_nothing_is_uncertain() -> None:
    assert nki(VECTOR, invited=7).margin == 0


def test_who_leaves_out_a_question_does_not_count() -> None:
    assert nki([(10, 10, None)] * 50 + [(1, 1, 1)] * 7).value == 0


def test_nobody_is_no_index() -> None:
    found = nki([(None, None, None)], invited=3)
    assert (found.n, found.value, found.sd, found.margin, found.shown, found.band) == (0, None, None, None, "*", None)


def test_one_person_has_an_index_and_no_spread() -> None:
    found = nki([(10, 10, 10)], invited=1)
    assert (found.value, found.sd, found.margin) == (100, None, None)


def test_six_answers_are_hidden_and_seven_shown() -> None:
    assert nki([(9, 9, 9)] * 6).shown == "*"
    assert nki([(9, 9, 9)] * 6).band is None
    assert nki([(9, 9, 9)] * 7).shown == "89"


def test_how_many_are_too_few_is_a_setting() -> None:
    assert nki([(9, 9, 9)] * 6, least=5).shown == "89"
    assert nki([(9, 9, 9)] * 9, least=10).is_hidden


@pytest.mark.parametrize("wrong", [(0, 5, 5), (5, 11, 5), (5, 5, -1), (11, None, 3)])
def test_answers_outside_the_scale_are_refused(wrong: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match="from 1 to 10"):
        nki([wrong])


def test_more_answers_than_invited_are_refused() -> None:
    with pytest.raises(ValueError, match="only 6 were invited"):
        nki(VECTOR, invited=6)


@pytest.mark.parametrize("means", [(0.9, 5, 5), (5, 10.1, 5), (5, 5, math.nan)])
def test_means_outside_the_scale_are_refused(means: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="from 1 to 10"):
        index_of_means(*means)


def test_the_ends_of_the_scale_are_the_ends_of_the_index() -> None:
    assert (index_of_means(1, 1, 1), index_of_means(10, 10, 10)) == (0, 100)


def test_a_half_is_rounded_up() -> None:
    # 9 persons of index 0 and 100 so that the mean is exactly 62.5 and 0.5
    assert [half_up(62.5), half_up(0.5), half_up(1.5), half_up(62.4999999)] == [63, 1, 2, 62]
    assert nki([(10, 10, 10)] * 5 + [(1, 1, 1)] * 3).shown == "63"


@pytest.mark.parametrize(
    ("number", "band"),
    [
        (100, Band.VERY_HIGH), (80, Band.VERY_HIGH), (79, Band.HIGH), (70, Band.HIGH), (69, Band.FAIR), (62, Band.FAIR),
        (61, Band.LOW), (50, Band.LOW), (49, Band.VERY_LOW), (0, Band.VERY_LOW),
    ],
)  # fmt: skip
def test_bands_begin_where_the_method_says(number: int, band: Band) -> None:
    assert band_of(number) is band


def test_the_band_is_of_the_number_that_is_shown() -> None:
    found = nki([(8, 8, 9), (8, 8, 8), *[(8, 8, 8)] * 6])  # 78.2
    assert (found.shown, found.band) == ("78", Band.HIGH)
    almost = nki([(8, 8, 8)] * 4 + [(9, 8, 8)] * 4 + [(9, 9, 8)] * 4)  # 81.48
    assert almost.band is Band.VERY_HIGH


def test_events_together_are_their_persons_together_and_not_the_mean_of_their_indices() -> None:
    large, small = Counter({(10, 10, 10): 90}), Counter({(1, 1, 1): 10})
    assert nki_of_counts(pooled([large, small])).value == 90


def test_a_change_within_the_margins_is_told_from_one_beyond() -> None:
    spread = [(4, 5, 6), (9, 9, 9), (7, 7, 8), (10, 9, 9), (3, 4, 5), (8, 8, 8), (6, 6, 7), (9, 8, 7)]
    better = [tuple(min(10, grade + 1) for grade in one) for one in spread]
    assert is_within_margin(nki(spread), nki(better))
    assert not is_within_margin(nki(spread * 40), nki([(10, 10, 10)] * 320))
    assert is_within_margin(nki([(9, 9, 9)]), nki(spread)), "one answer says nothing of a change"


@pytest.mark.parametrize(
    ("freedom", "printed"),
    [(1, 12.706), (2, 4.303), (5, 2.571), (6, 2.447), (10, 2.228), (29, 2.045), (60, 2.000), (120, 1.980)],
)
def test_student_is_as_printed_tables_have_it(freedom: int, printed: float) -> None:
    assert student_t(freedom) == printed


def test_student_falls_towards_the_normal_distribution() -> None:
    values = [student_t(freedom) for freedom in range(1, 400)]
    assert values == sorted(values, reverse=True)
    assert student_t(100_000) == 1.960


def test_student_needs_two_persons() -> None:
    with pytest.raises(ValueError, match="degree of freedom"):
        student_t(0)


@given(st.lists(answers, max_size=60))
def test_it_agrees_with_plain_statistics(given_answers: list[tuple[int | None, ...]]) -> None:
    people = [(sum(one) / 3 - 1) / 9 * 100 for one in given_answers if None not in one]  # type: ignore[arg-type]
    found = nki(given_answers)
    assert found.n == len(people)
    assert found.value == (pytest.approx(statistics.fmean(people)) if people else None)
    assert found.sd == (pytest.approx(statistics.stdev(people), abs=1e-9) if len(people) > 1 else None)
    assert found.value is None or 0 <= found.value <= 100


@given(st.lists(whole, min_size=1, max_size=40), st.randoms())
def test_neither_order_nor_counting_beforehand_matters(people: list[tuple[int, int, int]], luck: object) -> None:
    shuffled = sorted(people, key=lambda _one: luck.random())  # type: ignore[attr-defined]
    assert nki(people) == nki(shuffled) == nki_of_counts(Counter(people))


@given(st.lists(whole, min_size=2, max_size=40), st.integers(0, 100))
def test_the_margin_shrinks_as_fewer_remain_who_could_have_answered(
    people: list[tuple[int, int, int]], silent: int
) -> None:
    without, asked = nki(people).margin, nki(people, invited=len(people) + silent).margin
    assert without is not None
    assert asked is not None
    assert asked <= without + 1e-9


# --- hiding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ([20, 30], [False, False]),
        ([20, 3], [True, True]),
        ([20, 3, 9], [False, True, True]),
        ([20, 4, 4], [False, True, True]),
        ([20, 2, 2, 8], [False, True, True, True]),
        ([6, 0], [True, False]),
        ([20, 0], [False, False]),
        ([20, 0, 3], [True, False, True]),
        ([], []),
    ],
)
def test_a_small_part_takes_a_second_with_it(sizes: list[int], hidden: list[bool]) -> None:
    assert hidden_parts(sizes) == hidden


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(2, 12))
def test_nothing_hidden_can_be_had_by_subtraction(sizes: list[int], least: int) -> None:
    hidden = hidden_parts(sizes, least)
    assert all(is_hidden for size, is_hidden in zip(sizes, hidden, strict=True) if 0 < size < least)
    rest = sum(sizes) - sum(size for size, is_hidden in zip(sizes, hidden, strict=True) if not is_hidden)
    everything = all(is_hidden or not size for size, is_hidden in zip(sizes, hidden, strict=True))
    assert rest == 0 or everything or (rest >= least and sum(hidden) > 1)


def test_the_least_is_that_of_the_method() -> None:
    assert LEAST == 7
