"""Addresses on paper: how they are written in the window of an envelope, and in which order a postman has them.

Lengths are millimetres from the upper left corner of a standing A4 (210 × 297, ISO 216).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eventsys.fitting import REGULAR, cut, fit
from eventsys.forms import squeeze
from eventsys.names import collated

SIDE_INSET, TOP_INSET = 3.0, 2.0
"""Kept free inside the window: a folded letter slides a little in its envelope."""
MOST_LINES = 5
LEADING = 1.25
_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # points
_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def grown(self, by: float) -> Box:
        """The box with so much more at each side; less when it is negative."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    def touches(self, other: Box) -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True)
class Addressee:
    """Whom a letter on paper goes to; `postcode` is five digits without a space."""

    name: str
    care_of: str
    street: str
    postcode: str
    place: str
    id: int = 0

    @property
    def spaced_postcode(self) -> str:
        """`503 32`, as on an envelope."""
        return f"{self.postcode[:3]} {self.postcode[3:]}".strip()

    @property
    def postal_order(self) -> tuple[str, str, int]:
        """By postcode, then by name in Swedish order."""
        return self.postcode, collated(self.name), self.id


@dataclass(frozen=True)
class Addressed:
    """The lines of an address, how large they are written, and where: the corner of the first line."""

    lines: tuple[str, ...]
    points: float
    left: float
    top: float
    is_cut: bool
    """A line was too long in the smallest size too, and ends with `…`."""

    @property
    def leading(self) -> float:
        """From line to line, in millimetres."""
        return _leading(self.points)


def addressed(to: Addressee, window: Box) -> Addressed:
    """The address as large as it fits, at most MOST_LINES lines, in the middle of the window's height."""
    room = window.width - 2 * SIDE_INSET
    for points, most in _ways(window):
        lines = _lines(to, room, points, most)
        if lines is not None:
            return _placed(lines, points, window, is_cut=False)
    lines = _cut_lines(to, room, _SIZES[-1], most)
    return _placed(lines, _SIZES[-1], window, is_cut=True)


def _ways(window: Box) -> Iterator[tuple[float, int]]:
    """Sizes, falling, and how many lines of them the window holds."""
    for points in _SIZES:
        yield points, min(MOST_LINES, int((window.height - 2 * TOP_INSET) / _leading(points)))


def _leading(points: float) -> float:
    return points * LEADING * _MM_PER_POINT


def _lines(to: Addressee, room: float, points: float, most: int) -> list[str] | None:
    """The lines in this size, the name on as many as are left; None when they do not fit."""
    rest = _below_name(to)
    for_name = most - len(rest)
    if for_name < 1 or any(len(fit(line, room, 1, (points,), REGULAR).lines) > 1 for line in rest):
        return None
    name = fit(squeeze(to.name), room, for_name, (points,), REGULAR).lines
    return [*name, *rest] if len(name) <= for_name else None


def _cut_lines(to: Addressee, room: float, points: float, most: int) -> list[str]:
    rest = _below_name(to)
    name = fit(squeeze(to.name), room, 1, (points,), REGULAR).lines
    for_name = max(1, most - len(rest))
    if len(name) > for_name:
        name = [*name[: for_name - 1], cut(" ".join(name[for_name - 1 :]), room, points, REGULAR)]
    return [*name, *(cut(line, room, points, REGULAR) for line in rest)]


def _below_name(to: Addressee) -> list[str]:
    lines = (to.care_of, to.street, f"{to.spaced_postcode} {to.place}")
    return [line for line in map(squeeze, lines) if line]


def _placed(lines: list[str], points: float, window: Box, is_cut: bool) -> Addressed:
    free = window.height - len(lines) * _leading(points)
    return Addressed(tuple(lines), points, window.left + SIDE_INSET, window.top + free / 2, is_cut)
