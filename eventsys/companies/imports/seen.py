"""Which organisation numbers a file has had so far: all of Sweden's in some megabytes.

A set of three million numbers takes 300 MB. Numbers lie close together, and their last digit follows from the others,
so a bit for each of the first nine digits, in pieces of 100 000 that are made when first needed, is enough.
"""

from __future__ import annotations

_PIECE = 100_000


class Seen:
    """The first line of an organisation decides about it, wherever in the country it lies: so a file read twice is
    judged alike, also when its lines tell different addresses."""

    def __init__(self) -> None:
        self._pieces: dict[int, bytearray] = {}

    def add(self, number: bytes) -> bool:
        """Note a number of ten digits; whether it was new. What is no number is always new."""
        if len(number) != 10 or not number.isdigit():
            return True
        piece, place = divmod(int(number[:9]), _PIECE)
        bits = self._pieces.get(piece)
        if bits is None:
            bits = self._pieces[piece] = bytearray(_PIECE // 8)
        byte, bit = place >> 3, 1 << (place & 7)
        if bits[byte] & bit:
            return False
        bits[byte] |= bit
        return True
