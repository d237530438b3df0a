"""The window of the envelope on the letter: where it may be, and where everything else stands because of it."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.errors import Refused
from eventsys.newsletters.printing.envelopes import Box
from eventsys.newsletters.welcome.models import Folding, WelcomeSettings

PAGE = Box(0, 0, 210, 297)
EDGE = 5  # printers do not reach closer to the edge of the paper
LEAST_WIDTH, LEAST_HEIGHT = 60, 20
FREE = 3  # around the window nothing is printed: the letter slides in its envelope
FOLDS: dict[Folding, tuple[float, ...]] = {Folding.THIRDS: (99, 198), Folding.HALF: (148.5,)}
RIGHT_WINDOW, LEFT_WINDOW = Box(110, 45, 85, 30), Box(20, 45, 85, 30)

_MARGIN = 22  # of the letter's text
_TOP = 15
_HEAD_HEIGHT, _NARROW_HEAD_HEIGHT = 22, 34
_NARROWEST_HEAD = 55
_BODY_AT_BEST = 83  # so that the fold of a letter in three falls between its heading and its text
_MARK = 5  # a fold mark's length


class BadWindow(Refused):
    """The window does not lie on the paper as it must; `faults` says what is wrong, by the name of the column."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True)
class Layout:
    """Where the parts of the letter stand around the window."""

    window: Box
    head: Box
    body_top: float
    marks: tuple[Box, ...]


def window_of(settings: WelcomeSettings) -> Box:
    return Box(settings.window_left, settings.window_top, settings.window_width, settings.window_height)


def check_window(window: Box, folding: Folding) -> None:
    """Raise BadWindow when an address in the window could not be read or printed."""
    faults = _size_faults(window) or _place_faults(window, folding)
    if faults:
        raise BadWindow(faults)


def _size_faults(window: Box) -> dict[str, str]:
    faults = {}
    if window.width < LEAST_WIDTH:
        faults["window_width"] = f"Fönstret ska vara minst {LEAST_WIDTH} mm brett för att en adress ska få plats."
    if window.height < LEAST_HEIGHT:
        faults["window_height"] = f"Fönstret ska vara minst {LEAST_HEIGHT} mm högt för att fem rader ska få plats."
    return faults


def _place_faults(window: Box, folding: Folding) -> dict[str, str]:
    faults, fold = {}, FOLDS[folding][0]
    if window.left < EDGE:
        faults["window_left"] = f"Skriv minst {EDGE} mm: närmare kanten når inte skrivaren."
    elif window.right > PAGE.right - EDGE:
        faults["window_left"] = (
            f"Fönstret slutar {window.right:g} mm från vänster, längst till höger får vara {PAGE.right - EDGE:g} mm. "
            "Flytta det åt vänster eller gör det smalare."
        )
    if window.top < EDGE:
        faults["window_top"] = f"Skriv minst {EDGE} mm: närmare kanten når inte skrivaren."
    elif window.bottom > fold:
        faults["window_top"] = (
            f"Fönstret slutar {window.bottom:g} mm från överkanten, och pappret viks vid {_mm(fold)} mm. "
            "Flytta upp fönstret, gör det lägre eller välj en annan vikning."
        )
    return faults


def _mm(length: float) -> str:
    return f"{length:g}".replace(".", ",")


def layout(window: Box, folding: Folding) -> Layout:
    """The sender above the window, or beside it, or else below; the text below all that; nothing in or near it."""
    free = window.grown(FREE)
    head = _head(free)
    return Layout(window, head, max(free.bottom + 5, head.bottom + 5, _BODY_AT_BEST), _marks(free, folding))


def _head(free: Box) -> Box:
    beside = (
        Box(_MARGIN, _TOP, free.left - 4 - _MARGIN, _NARROW_HEAD_HEIGHT),
        Box(free.right + 4, _TOP, PAGE.right - _MARGIN - free.right - 4, _NARROW_HEAD_HEIGHT),
    )
    width = PAGE.width - 2 * _MARGIN
    above = Box(_MARGIN, _TOP, width, _HEAD_HEIGHT)
    places = [above, *(box for box in beside if box.width >= _NARROWEST_HEAD)]
    return next((box for box in places if not box.touches(free)), Box(_MARGIN, free.bottom + 4, width, _HEAD_HEIGHT))


def _marks(free: Box, folding: Folding) -> tuple[Box, ...]:
    """Faint lines where the paper is folded, at the left edge; none where the window is."""
    marks = (Box(EDGE, at - 0.1, _MARK, 0.2) for at in FOLDS[folding])
    return tuple(mark for mark in marks if not mark.touches(free))
