"""Fields of the staff's forms: dates, times and numbers as people type them, with errors that say what to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wtforms import DateField, DateTimeLocalField, Field, IntegerField, SelectField, TextAreaField, TimeField
from wtforms.validators import ValidationError

from eventsys.clock import from_local, local
from eventsys.forms import Form

TITLE, SUMMARY, TEXT, PLACE, ADDRESS, LINE = 160, 300, 20_000, 160, 200, 120
MOST_SEATS, LARGEST_PARTY = 20_000, 100
FIRST_YEAR, LAST_YEAR = 1950, 2150


def written(values: list[str]) -> list[str]:
    """What somebody wrote; a field left empty counts as not sent, so that its validators say what is wanted."""
    return [value for value in values if value.strip()]


def _refuse_odd_year(day: date | None) -> None:
    """Calendars and time zones end somewhere; a year beyond these is a slip of the finger."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("a year that nobody means")


class DayField(DateField):
    """A day; left empty it is None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            super().process_formdata(written(valuelist))
            _refuse_odd_year(self.data)
        except ValueError as error:
            self.data = None
            raise ValueError("Skriv datumet som år-månad-dag, till exempel 2027-03-05.") from error


class ClockField(TimeField):
    """A time of day; `11.30` is as good as `11:30`."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip().replace(".", ":") for value in written(valuelist)])
        except ValueError as error:
            raise ValueError("Skriv tiden med timmar och minuter, till exempel 11.30.") from error


class MomentField(DateTimeLocalField):
    """A day and a time on the wall in Borås; left empty it is None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            super().process_formdata(written(valuelist))
            _refuse_odd_year(self.data)
        except ValueError as error:
            self.data = None
            raise ValueError("Skriv både datum och tid, till exempel 2027-03-05 08:00.") from error

    @property
    def moment(self) -> datetime | None:
        """The moment in UTC."""
        return from_local(self.data) if self.data else None


def wall_time(moment: datetime | None) -> datetime | None:
    """What a MomentField shows of a moment."""
    return local(moment).replace(tzinfo=None) if moment else None


class NumberField(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(["".join(value.split()) for value in written(valuelist)])
        except ValueError as error:
            raise ValueError("Skriv antalet med siffror.") from error


class TextField(TextAreaField):
    """Several lines as they were typed, with one kind of line break and no stray white space at the ends."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = (valuelist[0] if valuelist else "").replace("\r\n", "\n").replace("\x00", "").strip()


class RowField(SelectField):
    """A row chosen by its id; empty for none. Ids that are not among the choices count as none."""

    @property
    def id_chosen(self) -> int | None:
        known = {str(value) for value, _ in self.choices or ()}
        return int(self.data) if self.data and self.data in known else None

    def pre_validate(self, form: object) -> None:
        """A colleague's account or an event that is gone meanwhile is no reason to lose what was written."""


def between(least: int, most: int) -> Any:
    """A validator: a number from `least` to `most`; a field that could not be read has said so already."""

    def check(_form: Any, field: Field) -> None:
        if not field.process_errors and (field.data is None or not least <= field.data <= most):
            raise ValidationError(f"Skriv ett antal mellan {least} och {_spaced(most)}.")

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def given(message: str) -> Any:
    """A validator for dates and times: something readable is given; what could not be read has said so already."""

    def check(_form: Any, field: Field) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError(message)

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def refuse(form: Form, refusal: object) -> None:
    """Show the domain's refusal above the form."""
    form.form_errors.append(str(refusal))
