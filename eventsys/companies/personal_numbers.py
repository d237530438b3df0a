"""Personal numbers in what people write: found, so that they are asked to leave them out and nothing keeps them."""

from __future__ import annotations

import re
from datetime import date

from stdnum import luhn

# With a century or a separator it is meant as one; ten bare digits may as well be a telephone number.
_DASH = r"\s?[-+\u2010-\u2015\u2212]\s?"
_WRITTEN = re.compile(rf"(?<!\d)(?:(19|20)(\d{{6}})(?:{_DASH}|\s)?(\d{{4}})|(\d{{6}}){_DASH}(\d{{4}}))(?!\d)")
_CO_ORDINATION = 60  # added to the day in samordningsnummer


def holds_personal_number(text: str) -> bool:
    """Whether the text has a Swedish personal or co-ordination number in it: a date, and a check digit that is right.

    Source: Skatteverket SKV 704 and 707. Organisation numbers are none: their third digit is at least 2.
    """
    return any(_is_one(*found.groups()) for found in _WRITTEN.finditer(text))


def _is_one(century: str | None, long: str | None, its_end: str | None, short: str | None, end: str | None) -> bool:
    birth, last = long or short or "", its_end or end or ""
    return _is_date(f"{century or 20}{birth}") and bool(luhn.is_valid(birth + last))


def _is_date(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    try:
        date(year, month, day - _CO_ORDINATION if day > _CO_ORDINATION else day)
    except ValueError:
        return False
    return True
