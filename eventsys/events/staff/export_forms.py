"""Forms of what is taken out. Fields of forms sent by GET are named as the address names them."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.events.attendance.badges import SHEETS, TEN
from eventsys.fields import DayField, TextField, given
from eventsys.forms import Form, at_most, required

PURPOSE = 500
_SHEETS = [SelectChoice(sheet.code, sheet.name) for sheet in SHEETS.values()]


class PeriodForm(Form):
    """Events of a period, of one series or of all."""

    serie = SelectField("Serie", default="")
    fran = DayField("Från och med", [given("Välj den första dagen.")])
    till = DayField("Till och med", [given("Välj den sista dagen.")])
    vilka = SelectField("Vilka")

    def validate_till(self, field: Any) -> None:
        if self.fran.data and field.data and field.data < self.fran.data:
            raise ValidationError("Den sista dagen ska inte vara före den första.")


class PurposeForm(Form):
    """What a representation list is for."""

    purpose = TextField("Syfte", [required("Skriv syftet."), at_most(PURPOSE)])


class BadgesForm(Form):
    """How the badges are laid out."""

    sheet = SelectField("Ark", choices=_SHEETS, default=TEN.code)
    sessions = BooleanField("Skriv ut vilka pass personen valt")
