"""Values of files as the register holds them."""

from __future__ import annotations

from datetime import date

from eventsys.companies.imports.records import LONGEST
from eventsys.companies.numbers import BadNumber, PersonalNumber, organisation_number, without_personal_numbers
from eventsys.forms import squeeze

NOT_UTF8 = "Raden är inte skriven i UTF-8, så å, ä och ö går inte att läsa."


def cleaned(text: str, column: str) -> str:
    """One clean line that fits the column, without personal numbers; a place in capitals gets ordinary letters."""
    line = without_personal_numbers(squeeze(text))[: LONGEST[column]].rstrip()
    return line.title() if column == "place" and line.isupper() else line


def postcode_of(text: str) -> str:
    """Five digits, or nothing."""
    digits = "".join(character for character in text if character.isascii() and character.isdigit())
    return digits if len(digits) == 5 else ""


def day_of(text: str) -> date | None:
    """A day written as 2026-03-05 or 20260305; None for anything else."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def known_number(text: str) -> tuple[str | None, str]:
    """(the number, what is wrong with it in Swedish); one of them is empty. Never repeats what it was given."""
    try:
        return organisation_number(text), ""
    except PersonalNumber:
        return None, "Numret är ett personnummer och sparas inte."
    except BadNumber:
        return None, "Organisationsnumret stämmer inte."


def codes_of(texts: list[str]) -> list[str]:
    """SNI codes of two to five digits, without dots, each once; what is no code, or only zeros, is left out."""
    plain = ("".join(text.split()).replace(".", "") for text in texts)
    found = (code for code in plain if code.isascii() and code.isdigit() and 2 <= len(code) <= 5 and code.strip("0"))
    return list(dict.fromkeys(found))
