"""Fields of the forms about issues: days, moments and choices as people give them, with errors that say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from wtforms import DateField, DateTimeLocalField, SelectField, TextAreaField

from eventsys.clock import from_local, local


def _written(values: Sequence[str]) -> list[str]:
    return [value for value in values if value.strip()]


class DayField(DateField):
    """A day; left empty it is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            super().process_formdata(_written(valuelist))
        except ValueError as error:
            raise ValueError("Skriv datumet som år-månad-dag, till exempel 2027-03-05.") from error


class MomentField(DateTimeLocalField):
    """A day and a time on the wall in Borås; left empty it is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            super().process_formdata(_written(valuelist))
        except ValueError as error:
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
