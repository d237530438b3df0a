"""Fields of the forms about issues: days, moments and choices as people give them, with errors that say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from wtforms import DateField, DateTimeLocalField, SelectField, TextAreaField

from eventsys.clock import from_local, local

FIRST_YEAR, LAST_YEAR = 1950, 2150


def _written(values: Sequence[str]) -> list[str]:
    return [value for value in values if value.strip()]


def _refuse_odd_year(day: date | None) -> None:
    """Calendars and time zones end somewhere; a year beyond these is a slip of the finger."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("a year that nobody means")


class DayField(DateField):
    """A day; left empty it is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            super().process_formdata(_written(valuelist))
            _refuse_odd_year(self.data)
        except ValueError as error:
            self.data = None
            raise ValueError("Skriv datumet som år-månad-dag, till exempel 2027-03-05.") from error


class MomentField(DateTimeLocalField):
    """A day and a time on the wall in Borås; left empty it is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            super().process_formdata(_written(valuelist))
            _refuse_odd_year(self.data)
        except ValueError as error:
            self.data = None
            raise ValueError("Skriv både datum och tid, till exempel 2027-03-05 09:00.") from error

    @property
    def moment(self) -> datetime | None:
        """The moment in UTC."""
        return from_local(self.data) if self.data else None


def wall_time(moment: datetime | None) -> datetime | None:
    """What a MomentField shows of a moment."""
    return local(moment).replace(tzinfo=None) if moment else None


class TextField(TextAreaField):
    """Several lines as they were typed, with one kind of line break."""

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
