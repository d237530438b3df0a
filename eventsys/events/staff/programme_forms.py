"""Forms of the staff's pages about a programme: strings into the plain values of the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from eventsys.clock import from_local, local
from eventsys.events.models import Event
from eventsys.events.programme.models import Session, Slot
from eventsys.fields import (
    LINE,
    MOST_SEATS,
    PLACE,
    TEXT,
    TITLE,
    ClockField,
    DayField,
    NumberField,
    TextField,
    between,
    given,
)
from eventsys.forms import Form, LineField, at_most, required

HOUR = timedelta(hours=1)


class _Time(Form):
    day = DayField("Datum", [given("Välj ett datum.")])
    starts = ClockField("Börjar", [given("Skriv när det börjar.")])
    ends = ClockField("Slutar", [given("Skriv när det slutar.")])
    confirmed = HiddenField()  # the change that the page has said will be told

    def slot_values(self) -> dict[str, Any]:
        """Columns of Slot by name."""
        names = {name: self[name].data for name in ("name", "name_en") if name in self}
        return {"starts_at": self._at(self.starts.data), "ends_at": self._at(self.ends.data), **names}

    def _at(self, clock: Any) -> datetime:
        return from_local(datetime.combine(self.day.data, clock))

    @property
    def fingerprint(self) -> str:
        return "|".join(str(field.data) for field in self if field.short_name in ("day", "starts", "ends", "room"))


class _Texts(Form):
    room = LineField("Lokal", [at_most(PLACE)])
    speakers = TextField("Medverkande", [at_most(TEXT)], description="En person per rad, rollen efter komma.")
    description = TextField("Beskrivning", [at_most(TEXT)])
    title_en = LineField("Rubrik på engelska", [at_most(TITLE)])
    description_en = TextField("Beskrivning på engelska", [at_most(TEXT)])
    confirmed = HiddenField()

    def text_values(self) -> dict[str, Any]:
        names = ("title", "room", "speakers", "description", "title_en", "description_en")
        return {name: self[name].data for name in names}


class CommonForm(_Time, _Texts):
    """A point of the programme for everybody: plenary, lunch, a part of a course."""

    title = LineField("Rubrik", [required("Skriv en rubrik."), at_most(TITLE)])
    name = LineField(
        "Tillfälle", [at_most(LINE)], description="Bara för kurser, till exempel Tillfälle 2. Annars tomt."
    )


class ChoicesForm(_Time):
    """A stretch with sessions side by side."""

    name = LineField(
        "Rubrik", [required("Skriv en rubrik, till exempel Workshoppar 1."), at_most(LINE)],
        description="Till exempel Workshoppar 1. Den står ovanför valet i anmälan.",
    )  # fmt: skip
    name_en = LineField("Rubrik på engelska", [at_most(LINE)])


class NewChoicesForm(ChoicesForm):
    """The same with its sessions, one a line, so that a whole afternoon is quick to write."""

    lines = TextField(
        "Pass", [required("Skriv minst ett pass, ett per rad."), at_most(TEXT)],
        description="Ett per rad: rubrik; lokal; antal platser. Till exempel: AI i vardagen; Sal 2; 30",
    )  # fmt: skip

    def validate_lines(self, _field: Field) -> None:
        for line in self._lines:
            if len(line) != 3 or not line[2].isdigit() or not 0 < int(line[2][:9]) <= MOST_SEATS:
                raise ValidationError(
                    f"Raden {'; '.join(line)[:60]} ska ha rubrik; lokal; antal platser, med semikolon emellan."
                )
            if not line[0] or len(line[0]) > TITLE or len(line[1]) > PLACE:
                raise ValidationError(f"Raden {'; '.join(line)[:60]} saknar rubrik, eller så är något för långt.")

    @property
    def _lines(self) -> list[list[str]]:
        lines = (line for line in (self.lines.data or "").splitlines() if line.strip())
        return [[" ".join(part.split()) for part in line.split(";")] for line in lines]

    def sessions(self) -> list[dict[str, Any]]:
        """Columns of Session by name, for each line."""
        return [{"title": title, "room": room, "capacity": int(seats)} for title, room, seats in self._lines]


class SessionForm(_Texts):
    """One session to choose."""

    title = LineField("Rubrik", [required("Skriv en rubrik."), at_most(TITLE)])
    capacity = NumberField("Antal platser", [between(1, MOST_SEATS)])

    def values(self) -> dict[str, Any]:
        """Columns of Session by name."""
        return {**self.text_values(), "capacity": self.capacity.data}


def next_times(event: Event, slots: list[Slot]) -> dict[str, Any]:
    """Day and hours that a new slot begins with: after the last one, or when the event begins."""
    begins = max((slot.ends_at for slot in slots), default=event.starts_at)
    begins = begins if begins < event.ends_at else event.starts_at
    return _times(begins, min(begins + HOUR, event.ends_at))


def _times(begins: datetime, ends: datetime) -> dict[str, Any]:
    return {"day": local(begins).date(), "starts": local(begins).time(), "ends": local(ends).time()}


def slot_form(slot: Slot) -> ChoicesForm | CommonForm:
    """Filled with a slot as it is; one for everybody with its only session too."""
    times = _times(slot.starts_at, slot.ends_at)
    if slot.has_choice:
        return ChoicesForm(obj=slot, **times)
    return CommonForm(obj=slot.sessions[0] if slot.sessions else None, name=slot.name, **times)


def session_form(session: Session) -> SessionForm:
    return SessionForm(obj=session)
