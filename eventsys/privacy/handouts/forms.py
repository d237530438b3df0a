"""The forms of a handout: which thing or which days, and what becomes of each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.fields import DayField, given
from eventsys.forms import Form, LineField, at_most
from eventsys.handing_out import Choice, Column
from eventsys.privacy.handouts.giving import Masking


class ThingForm(Form):
    """Read from the address."""

    class Meta:
        csrf = False

    val = SelectField("Vilket", validate_choice=False)

    @classmethod
    def among(cls, choices: Sequence[Choice], formdata: Any) -> ThingForm:
        form = cls(formdata)
        form.val.choices = [SelectChoice(one.value, one.label) for one in choices]
        return form


class PeriodForm(Form):
    """Read from the address."""

    class Meta:
        csrf = False

    fran = DayField("Från och med", validators=[given("Skriv den första dagen.")])
    till = DayField("Till och med", validators=[given("Skriv den sista dagen.")])

    def validate_till(self, field: DayField) -> None:
        if field.data and self.fran.data and field.data < self.fran.data:
            raise ValidationError("Den sista dagen ligger före den första.")


class TicksField(SelectMultipleField):
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class ColumnsForm(Form):
    """Columns are named by their place, so that whatever they are called can be sent."""

    kept = TicksField("Kolumner som ska vara med", coerce=int)
    masked = TicksField("Personuppgifter som ska maskeras", coerce=int)
    case_number = LineField("Diarienummer", validators=[at_most(60)])
    reason = LineField("Hur ni bedömt sekretessen", validators=[at_most(300)])

    @classmethod
    def of(cls, columns: Sequence[Column], is_new: bool) -> ColumnsForm:
        """Everything is in and every personal column masked, until somebody decides otherwise."""
        personal = [place for place, column in enumerate(columns) if column.personal]
        form = cls(formdata=None, data={"kept": list(range(len(columns))), "masked": personal}) if is_new else cls()
        form.kept.choices = [SelectChoice(place, column.name) for place, column in enumerate(columns)]
        form.masked.choices = [SelectChoice(place, f"Maskera {columns[place].personal}") for place in personal]
        return form

    def masking(self, columns: Sequence[Column]) -> Masking:
        """The decision, by the columns' names."""
        kept = [columns[place].name for place in self.kept.data or () if 0 <= place < len(columns)]
        masked = {columns[place].name for place in self.masked.data or () if 0 <= place < len(columns)}
        return Masking(kept, masked)
