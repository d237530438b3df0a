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
_BETWEEN = r"[-+\s\u2010-\u2015\u2212]{0,3}"  # a hyphen or a longer dash, with or without spaces around it
_PERSONAL = re.compile(rf"(?<!\d)(?:(?:19|20)\d{{6}}{_BETWEEN}\d{{4}}|(\d{{6}}){_BETWEEN}(\d{{4}}))(?!\d)")


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


def as_code(digits: str) -> str:
    """An SNI code, `62010`, as `62.010`."""
    return f"{digits[:2]}.{digits[2:]}" if len(digits) > 2 else digits


def without_personal_numbers(text: str) -> str:
    """The text without what reads as a personal number, for names and addresses from files that others wrote.

    Not for telephone numbers: one in ten of those would pass.
    """
    if not any(character.isdigit() for character in text):
        return text
    return " ".join(_PERSONAL.sub(_nothing_of_a_person, text).split())


def _nothing_of_a_person(found: re.Match[str]) -> str:
    """Empty for a date of birth with a right check digit (days of co-ordination numbers are 60 more)."""
    if found[1] is None:
        return ""
    month, day, digits = int(found[1][2:4]), int(found[1][4:6]), found[1] + found[2]
    is_date = 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)
    return "" if is_date and luhn.is_valid(digits) else found[0]
