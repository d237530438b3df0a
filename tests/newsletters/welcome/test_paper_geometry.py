"""Where things stand on a welcome letter: the address in the window, and nothing else in it or near it."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from PIL import ImageFont

from eventsys.newsletters.printing.envelopes import MOST_LINES, Addressee, Box, addressed
from eventsys.newsletters.welcome import drawing
from eventsys.newsletters.welcome.envelopes import (
    FOLDS,
    FREE,
    LEFT_WINDOW,
    PAGE,
    RIGHT_WINDOW,
    BadWindow,
    check_window,
    layout,
)
from eventsys.newsletters.welcome.models import Folding
from eventsys.paths import FONTS
from tests.newsletters.welcome.paper_scenes import (
    MM,
    Printed,
    addressee,
    make_round,
    pages_of,
    printed,
    text_of,
    within,
)

FONT = ImageFont.truetype(str(FONTS / "hanken-grotesk-regular.ttf"), 100)
NAMES = [
    "Å", "Väveriet i Borås AB", "Ö&<i>\"'+ AB", "M" * 200, "Ö " * 100,
    "Hållbarhetsrapporteringsskyldighetsöversynen i Borås med omnejd och alla grannkommuner Handelsbolag",
]  # fmt: skip
PEOPLE = [
    addressee(name, care_of=care_of, street=street)
    for name in NAMES
    for care_of in ("", "c/o Redovisningsbyrån Ärlig och Öberg i Sjuhärad AB", "c" * 120)
    for street in ("Allégatan 1", "", "Å" * 120)
]


@some.composite
def windows(draw: some.DrawFn) -> tuple[Box, Folding]:
    """Any window that the checks allow."""
    folding = draw(some.sampled_from(Folding))
    bottom = int(FOLDS[folding][0])
    left, top = draw(some.integers(5, 145)), draw(some.integers(5, bottom - 20))
    return Box(left, top, draw(some.integers(60, 205 - left)), draw(some.integers(20, bottom - top))), folding


@settings(max_examples=300, deadline=None)
@given(windows())
def test_what_the_checks_allow_leaves_room_for_everything(found: tuple[Box, Folding]) -> None:
    window, folding = found
    check_window(window, folding)
    places, free = layout(window, folding), window.grown(FREE)
    assert not places.head.touches(free)
    assert places.body_top >= free.bottom
    assert places.body_top >= places.head.bottom
    assert places.body_top < PAGE.height / 2 + 40
    assert not any(mark.touches(free) for mark in places.marks)
    for box in (places.head, *places.marks):
        assert box.left >= 5
        assert box.right <= 205


@settings(max_examples=150, deadline=None)
@given(windows(), some.sampled_from(PEOPLE))
def test_an_address_fits_its_window_whatever_it_says(found: tuple[Box, Folding], to: Addressee) -> None:
    window, _ = found
    placed = addressed(to, window)
    assert 1 <= len(placed.lines) <= MOST_LINES
    for number, line in enumerate(placed.lines):
        baseline = placed.top + number * placed.leading + 0.97 * placed.points / MM
        assert within(window, Printed(line, placed.left, baseline, placed.points), width_of(line, placed.points)), line
    assert placed.lines[-1].startswith("503 32")
    if not placed.is_cut:
        assert "".join(placed.lines).replace(" ", "") == whole(to)


def width_of(line: str, points: float) -> float:
    return FONT.getlength(line) / 100 * points / MM


def whole(to: Addressee) -> str:
    return "".join((to.name, to.care_of, to.street, to.postcode, to.place)).replace(" ", "")


def test_a_usual_address_is_written_large_and_whole(app: Flask) -> None:
    for window in (RIGHT_WINDOW, LEFT_WINDOW, Box(20, 50, 60, 20)):
        placed = addressed(drawing.SAMPLE, window)
        assert not placed.is_cut
        assert placed.points >= (11 if window.height == 30 else 9)
    assert addressed(addressee("M" * 200), RIGHT_WINDOW).is_cut


@pytest.fixture
def windows_to_draw(app: Flask) -> list[tuple[Box, Folding]]:
    return [
        (RIGHT_WINDOW, Folding.THIRDS), (LEFT_WINDOW, Folding.THIRDS), (Box(5, 5, 70, 25), Folding.THIRDS),
        (Box(120, 6, 85, 40), Folding.THIRDS), (Box(20, 100, 90, 35), Folding.HALF), (Box(5, 5, 200, 60), Folding.HALF),
    ]  # fmt: skip


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_on_the_paper_the_address_stands_in_the_window_and_nothing_else_does(
    windows_to_draw: list[tuple[Box, Folding]],
) -> None:
    round_ = make_round()
    for number, (window, folding) in enumerate(windows_to_draw):
        people = [*PEOPLE[number::17], drawing.SAMPLE]
        letter = drawing.letter_page(round_, window, folding, round_.registered_until)
        pages = pages_of(drawing.stamped(letter, [drawing.address_pages(people, window)], "x"))
        for page, to in zip(pages, people, strict=True):
            pieces = printed(page)
            lines, free = addressed(to, window).lines, window.grown(FREE)
            inside = [one for one in pieces if touches(free, one)]
            said = "".join(one.text for one in inside).replace(" ", "")
            assert said.replace("\n", "") == "".join(lines).replace(" ", ""), (window, to)
            for piece in inside:
                assert within(window, piece, width_of(piece.text, piece.points)), (window, piece)
            assert round_.subject in " ".join(" ".join(one.text for one in pieces).split())


def touches(free: Box, piece: Printed) -> bool:
    high, width = 0.75 * piece.points / MM, width_of(piece.text, piece.points)
    return free.touches(Box(piece.left, piece.baseline - high, width, high))


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=windows())
def test_addresses_are_printed_where_they_were_placed(app: Flask, found: tuple[Box, Folding]) -> None:
    window, _ = found
    people = PEOPLE[::5]
    for page, to in zip(pages_of(drawing.address_pages(people, window)), people, strict=True):
        assert all(within(window, one, width_of(one.text, one.points)) for one in printed(page)), (window, to)


@pytest.mark.parametrize(
    ("window", "folding", "wrong"),
    [
        (Box(4, 45, 85, 30), Folding.THIRDS, "window_left"),
        (Box(121, 45, 85, 30), Folding.THIRDS, "window_left"),
        (Box(110, 4, 85, 30), Folding.THIRDS, "window_top"),
        (Box(110, 70, 85, 30), Folding.THIRDS, "window_top"),
        (Box(110, 119, 85, 30), Folding.HALF, "window_top"),
        (Box(110, 45, 59, 30), Folding.THIRDS, "window_width"),
        (Box(110, 45, 85, 19), Folding.THIRDS, "window_height"),
    ],
)
def test_a_window_that_cannot_be_used_is_refused_at_its_field(window: Box, folding: Folding, wrong: str) -> None:
    with pytest.raises(BadWindow) as refusal:
        check_window(window, folding)
    assert list(refusal.value.faults) == [wrong]


def test_a_window_at_the_limits_is_allowed() -> None:
    check_window(Box(5, 5, 200, 94), Folding.THIRDS)
    check_window(Box(110, 69, 85, 30), Folding.THIRDS)
    check_window(Box(110, 118, 85, 30), Folding.HALF)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_trial_sheet_shows_the_address_in_its_frame_and_says_where_to_fold(app: Flask) -> None:
    for window, folding, folds in ((RIGHT_WINDOW, Folding.THIRDS, 2), (LEFT_WINDOW, Folding.HALF, 1)):
        [page] = pages_of(drawing.trial_sheet(window, folding))
        said = text_of(page)
        assert said.count("Vik här") == folds
        assert "Skriv ut det här arket i 100 %" in said
        assert "85 × 30 mm" in said
        inside = [one for one in printed(page) if touches(window, one)]
        assert "".join(one.text for one in inside).startswith("Exempelföretaget i Borås AB")
        assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (210, 297)
