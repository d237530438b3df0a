"""How large a name can be written in a box, by the real widths of our font's letters."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import ImageFont

from eventsys.paths import FONTS

_POINTS_PER_MM = 72 / 25.4
_MEASURED_AT = 100  # points; widths grow in proportion
_SPARE = 0.97  # kerning and hinting may differ a little from the renderer's


@dataclass(frozen=True)
class Fitted:
    """A text broken into lines, and the size in points at which every line fits."""

    lines: list[str]
    points: float


def fit(text: str, width_mm: float, most_lines: int, sizes: Sequence[float]) -> Fitted:
    """The largest of `sizes` (falling) at which the text fits in so many lines; nothing is ever left out.

    Words are kept whole. What does not fit in the smallest size is broken inside words, on as many lines as it takes.
    """
    for points in sizes:
        lines = _lines(text, width_mm * _POINTS_PER_MM * _SPARE / points)
        if len(lines) <= most_lines and all(
            _width(line) <= width_mm * _POINTS_PER_MM * _SPARE / points for line in lines
        ):
            return Fitted(lines, points)
    room = width_mm * _POINTS_PER_MM * _SPARE / sizes[-1]
    return Fitted([part for line in _lines(text, room) for part in _broken(line, room)], sizes[-1])


def _lines(text: str, room: float) -> list[str]:
    """The text filled into lines of this width (in units of the font's size), words kept whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _broken(line: str, room: float) -> list[str]:
    parts = [""]
    for character in line:
        if parts[-1] and _width(parts[-1] + character) > room:
            parts.append("")
        parts[-1] += character
    return parts


def _width(text: str) -> float:
    """In units of the font's size."""
    return float(_font().getlength(text)) / _MEASURED_AT


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "hanken-grotesk-bold.ttf"), _MEASURED_AT)
