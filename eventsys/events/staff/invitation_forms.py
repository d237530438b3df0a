"""Forms of the staff's pages about invitations: add by hand, choose earlier events, a file and its columns, a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from wtforms import FileField, HiddenField, RadioField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from eventsys.clock import from_local
from eventsys.events.forms import COMPANY, NAME, OrganisationNumberField
from eventsys.events.invitations import words
from eventsys.events.invitations.files import Column, Where
from eventsys.events.invitations.inviting import Guest
from eventsys.events.models import Event
from eventsys.events.staff.fields import DayField
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, LineField, at_most, required
from eventsys.i18n import short_day

NO_COLUMN = "-1"
REMIND_AT = time(9)


class GuestForm(Form):
    """One guest by hand."""

    name = LineField("Namn", [required("Skriv gästens namn."), at_most(NAME)])
    email = EmailField("E-post", [required("Skriv e-postadressen. Inbjudan skickas dit."), at_most(LONGEST_EMAIL)])
    company_name = LineField("Företag eller organisation", [at_most(COMPANY)])
    company_number = OrganisationNumberField("Organisationsnummer", [at_most(40)])
    lang = SelectField(
        "Brevets språk", choices=[SelectChoice("sv", "Svenska"), SelectChoice("en", "Engelska")], default="sv"
    )

    def guest(self) -> Guest:
        return Guest(
            self.email.data, self.email.normal, self.name.data, self.company_name.data, self.company_number.number,
            lang=self.lang.data,
        )  # fmt: skip


class EarlierForm(Form):
    """Which earlier events, and which of their people. In the address, so without a token."""

    class Meta(Form.Meta):
        csrf = False

    fran = SelectMultipleField(
        "Evenemang",
        coerce=int,
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        validate_choice=False,
    )
    vilka = RadioField(
        "Vilka",
        choices=[SelectChoice("kom", "De som kom"), SelectChoice("anmalda", "Alla som var anmälda")],
        default="kom",
    )


def earlier_form(events: Sequence[Event], address: object) -> EarlierForm:
    form = EarlierForm(address)
    form.fran.choices = [SelectChoice(event.id, f"{event.title}, {short_day(event.starts_at)}") for event in events]
    return form


class GuestFileForm(Form):
    file = FileField("Fil", [required("Välj en fil.")])


class ColumnsForm(Form):
    """Which column of the file holds what. `table` is the file's rows, signed, on their way through the browser."""

    table = HiddenField()
    heading = RadioField(
        "Första raden",
        choices=[SelectChoice("ja", "Är rubriker"), SelectChoice("nej", "Är en gäst")],
        default="ja",
        validate_choice=False,
    )

    @property
    def column_fields(self) -> list[SelectField]:
        return [self[column.value] for column in Column]

    @property
    def where(self) -> Where:
        return {column: int(self[column.value].data) for column in Column if self[column.value].data != NO_COLUMN}

    @property
    def has_heading(self) -> bool:
        return bool(self.heading.data != "nej")


for _column in Column:
    setattr(ColumnsForm, _column.value, SelectField(words.COLUMNS[_column], default=NO_COLUMN))


def columns_form(first_row: Sequence[str], guessed: Where | None = None, heading: bool = True) -> ColumnsForm:
    """With the file's own columns to choose from; `guessed` fills it in when it is first shown."""
    data = {column.value: str(number) for column, number in (guessed or {}).items()}
    form = ColumnsForm(data={**data, "heading": "ja" if heading else "nej"})
    choices = [SelectChoice(NO_COLUMN, "Finns inte i filen")]
    choices += [SelectChoice(str(number), _column_label(number, cell)) for number, cell in enumerate(first_row)]
    for field in form.column_fields:
        field.choices = choices
    return form


def _column_label(number: int, heading: str) -> str:
    return f"Kolumn {number + 1}" + (f": {heading[:40]}" if heading else "")


class ReminderDateForm(Form):
    """The day the clock reminds those who have not answered; empty: it does not."""

    day = DayField("Påminn automatiskt", [Optional()])

    @property
    def due_at(self) -> datetime | None:
        return from_local(datetime.combine(self.day.data, REMIND_AT)) if self.day.data else None
