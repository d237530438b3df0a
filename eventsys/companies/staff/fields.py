"""Fields of the register's forms: organisation numbers, postcodes, SNI codes and websites, into plain values."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from wtforms import Field
from wtforms.validators import ValidationError

from eventsys.companies.numbers import BadNumber, PersonalNumber, organisation_number
from eventsys.companies.personal_numbers import holds_personal_number
from eventsys.fields import TextField
from eventsys.forms import LineField

MOST_CODES = 20
_POSTCODE = re.compile(r"(?:SE?-?)?(\d{3})\s?(\d{2})", re.IGNORECASE | re.ASCII)
_CODE = re.compile(r"\d{2}(?:\.?\d{1,3})?", re.ASCII)
_HOST = re.compile(r"[^\s/@:]+\.[^\s/@:.]{2,}")


class NumberLine(LineField):
    """An organisation number; `.number` is its ten digits, None when left empty. A personal number is not kept."""

    number: str | None = None

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        try:
            self.number = organisation_number(self.data)
        except PersonalNumber as error:
            self.data = ""
            raise ValidationError(
                "Det är ett personnummer, och sådana sparar vi inte. En enskild firma läggs in utan nummer: "
                "lämna fältet tomt."
            ) from error
        except BadNumber as error:
            raise ValidationError(_what_is_wrong(error)) from error


def _what_is_wrong(error: BadNumber) -> str:
    if error.reason == "length":
        return "Organisationsnumret ska ha tio siffror. Kontrollera att du fått med alla."
    return "Organisationsnumret stämmer inte. Kontrollera siffrorna, troligen är en av dem fel."


class PostcodeLine(LineField):
    """A Swedish postcode; `.data` becomes five digits."""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        found = _POSTCODE.fullmatch(self.data)
        if found is None:
            raise ValidationError("Skriv postnumret med fem siffror, till exempel 504 30.")
        self.data = "".join(found.groups())

    def _value(self) -> str:
        """As people write it."""
        text = str(self.data or "")
        return f"{text[:3]} {text[3:]}" if len(text) == 5 and text.isdigit() else text


class WebsiteLine(LineField):
    """The address of a website; `.data` becomes a whole one. Nothing but http and https."""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        address = self.data if "://" in self.data else f"https://{self.data}"
        if not _is_website(address):
            raise ValidationError("Skriv webbadressen som www.foretag.se eller https://www.foretag.se.")
        self.data = address


def _is_website(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.netloc)) and " " not in address


class CodesField(TextField):
    """SNI codes, a line each or with commas between; `.codes` are their digits, each once, in their order."""

    codes: tuple[str, ...] = ()

    def pre_validate(self, form: Any) -> None:
        written = [part.strip() for part in re.split(r"[\n,;]", self.data or "") if part.strip()]
        wrong = next((part for part in written if not _CODE.fullmatch(part)), None)
        if wrong is not None:
            raise ValidationError(
                f"”{wrong[:40]}” är ingen SNI-kod. Skriv två till fem siffror, som 62.010 eller 62010."
            )
        self.codes = tuple(dict.fromkeys(part.replace(".", "") for part in written))
        if len(self.codes) > MOST_CODES:
            raise ValidationError(f"Skriv högst {MOST_CODES} koder.")


def no_personal_number(_form: Any, field: Field) -> None:
    """A validator: a text without personal numbers."""
    if holds_personal_number(field.data or ""):
        raise ValidationError("Texten har ett personnummer i sig. Ta bort det och spara igen.")


def employees(_form: Any, field: Field) -> None:
    """A validator: a number of people, or nothing."""
    if field.data is not None and not 0 <= field.data <= 1_000_000:
        raise ValidationError("Skriv antalet anställda som ett tal från 0 till 1 000 000.")
