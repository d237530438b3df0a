"""A number as people write it, with decimals or without."""

from __future__ import annotations

import math
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from eventsys.i18n import number

LARGEST = 1_000_000_000


class AmountField(Field):
    """`1 234,5` or `1234.5`; left empty it is None. `data` is a float."""

    widget = TextInput()
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = "".join((valuelist[0] if valuelist else "").split()).replace("\N{MINUS SIGN}", "-").replace(",", ".")
        if not text:
            return
        try:
            amount = float(text)
        except ValueError as error:
            raise ValueError("Skriv ett tal med siffror, till exempel 75 eller 2,5.") from error
        if not math.isfinite(amount) or abs(amount) > LARGEST:
            raise ValueError(f"Skriv ett tal mellan -{number(LARGEST)} och {number(LARGEST)}.")
        self.data = amount

    def _value(self) -> str:
        """As it was typed, or as we write what is saved."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.10g}".replace(".", ",")
