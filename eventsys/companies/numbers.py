"""Swedish organisation numbers: read what people type, show them as people write them.

Ten digits, the last a check digit (Luhn), the third at least 2 for legal persons. A sole trader's number is a personal
number (third digit 0 or 1, or a century in front): it is recognised so that it is never stored.
Source: Skatteverket SKV 709 and lagen (1974:174) om identitetsbeteckning för juridiska personer.
"""

from __future__ import annotations

import re

from stdnum import luhn

_SEPARATORS = re.compile(r"[\s\-+.\u2010-\u2015\u2212]")
_VAT = re.compile(r"SE(\d{10})01", re.ASCII)


class BadNumber(ValueError):
    """The text is no organisation number. `.reason` is `length` or `check_digit`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PersonalNumber(ValueError):
    """The text is a personal number (a sole trader's). It must not be stored."""


def organisation_number(text: str) -> str:
    """The ten digits of a legal person's number from what was typed.

    Spaces, hyphens and a leading 16 are allowed, and so is the number for VAT (SE, ten digits, 01).

    Raises BadNumber when it cannot be one, PersonalNumber when it is a person's.
    """
    digits = _SEPARATORS.sub("", text).upper()
    digits = _VAT.sub(r"\1", digits).removeprefix("SE")
    if not digits.isascii() or not digits.isdigit():
        raise BadNumber("length")
    if len(digits) == 12 and digits[:2] in {"19", "20"}:
        raise PersonalNumber
    if len(digits) == 12 and digits.startswith("16"):
        digits = digits[2:]
    if len(digits) != 10:
        raise BadNumber("length")
    if digits[2] in "01":
        raise PersonalNumber
    if not luhn.is_valid(digits):
        raise BadNumber("check_digit")
    return digits


def shown(number: str) -> str:
    """`5560360793` as `556036-0793`."""
    return f"{number[:6]}-{number[6:]}"
