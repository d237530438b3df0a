"""How large a text can be written in a box, by the real widths of our font's letters."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import ImageFont

from eventsys.paths import FONTS

REGULAR, BOLD = "regular", "bold"
_POINTS_PER_MM = 72 / 25.4
_MEASURED_AT = 100  # points; widths grow in proportion
_SPARE = 0.97  # kerning and hinting may differ a little from the renderer's


@dataclass(frozen=True)
class Fitted:
    """A text broken into lines, and the size in points at which every line fits."""

    lines: list[str]
    points: float


def fit(text: str, width_mm: float, most_lines: int, sizes: Sequence[float], weight: str = BOLD) -> Fitted:
    """The largest of `sizes` (falling) at which the text fits in so many lines; nothing is ever left out.

    Words are kept whole. What does not fit in the smallest size is broken inside words, on as many lines as it takes.
    """
    for points in sizes:
        room = _room(width_mm, points)
        lines = _lines(text, room, weight)
        if len(lines) <= most_lines and all(_width(line, weight) <= room for line in lines):
            return Fitted(lines, points)
    room = _room(width_mm, sizes[-1])
    return Fitted([part for line in _lines(text, room, weight) for part in _broken(line, room, weight)], sizes[-1])


def cut(text: str, width_mm: float, points: float, weight: str = BOLD) -> str:
    """As much of the text as one line of this width holds, with `…` for what was left out."""
    room = _room(width_mm, points)
    if _width(text, weight) <= room:
        return text
    return f"{_broken(text, room - _width('…', weight), weight)[0].rstrip()}…"


def _room(width_mm: float, points: float) -> float:
    """How wide a line may be, in units of the font's size."""
    return width_mm * _POINTS_PER_MM * _SPARE / points


def _lines(text: str, room: float, weight: str) -> list[str]:
    """The text filled into lines of this width, words kept whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _broken(line: str, room: float, weight: str) -> list[str]:
    parts = [""]
    for character in line:
        if parts[-1] and _width(parts[-1] + character, weight) > room:
            parts.append("")
        parts[-1] += character
    return parts


def _width(text: str, weight: str) -> float:
    """In units of the font's size."""
    return float(_font(weight).getlength(text)) / _MEASURED_AT


@functools.cache
def _font(weight: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"hanken-grotesk-{weight}.ttf"), _MEASURED_AT)
