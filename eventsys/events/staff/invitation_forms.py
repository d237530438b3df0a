"""Forms of the staff's pages about invitations: add by hand, choose earlier events, a file and its columns, a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from wtforms import RadioField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from eventsys.clock import from_local
from eventsys.events.forms import COMPANY, NAME, OrganisationNumberField
from eventsys.events.invitations.inviting import Guest
from eventsys.events.models import Event
from eventsys.fields import DayField
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, LineField, at_most, required
from eventsys.i18n import short_day

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


class ReminderDateForm(Form):
    """The day the clock reminds those who have not answered; empty: it does not."""

    day = DayField("Påminn automatiskt", [Optional()])

    @property
    def due_at(self) -> datetime | None:
        return from_local(datetime.combine(self.day.data, REMIND_AT)) if self.day.data else None
