"""Forms of visits: one visit, and the filter of the year's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.companies.diary import WantedVisits
from eventsys.companies.models import VisitForm
from eventsys.companies.staff.conflicts import Conflict, in_words
from eventsys.companies.staff.fields import no_personal_number
from eventsys.companies.visits import Meeting
from eventsys.companies.words import VISIT_FORMS
from eventsys.fields import SUMMARY, TEXT, DayField, TextField, given
from eventsys.forms import Form, HiddenLineField, LineField, at_most


class MeetingForm(Form):
    visited_on = DayField("Datum", [given("Skriv vilken dag det var.")])
    form = RadioField(
        "Form", choices=[SelectChoice(*one) for one in VISIT_FORMS.items()], default=VisitForm.ON_SITE.value
    )
    who = LineField("Vem av oss", [at_most(200)])
    met = LineField("Vem vi träffade", [at_most(200), no_personal_number])
    themes = TextField("Teman", [at_most(2000), no_personal_number], description="Ett på varje rad.")
    text = TextField("Anteckning", [at_most(TEXT), no_personal_number])
    follow_up = LineField("Att följa upp", [at_most(SUMMARY), no_personal_number])
    follow_up_on = DayField("Följ upp senast")
    seen = HiddenLineField()  # see changing.marks_of

    def validate_follow_up_on(self, field: Any) -> None:
        if field.data and not self.follow_up.data:
            raise ValidationError("Skriv vad som ska följas upp, eller ta bort dagen.")

    def meeting(self) -> Meeting:
        return Meeting(
            self.visited_on.data, VisitForm(self.form.data), self.who.data, self.met.data, self.themes.data,
            self.text.data, self.follow_up.data, self.follow_up_on.data,
        )  # fmt: skip

    def conflicts(self, saved: Mapping[str, Any]) -> list[Conflict]:
        written = self.meeting().values()
        return [
            Conflict(self[name].label.text, in_words(value), in_words(written[name])) for name, value in saved.items()
        ]


class VisitFilterForm(Form):
    """Which visits. In the address, so without a token."""

    class Meta(Form.Meta):
        csrf = False

    ar = SelectField("År", validate_choice=False)
    form = SelectField(
        "Form", choices=[SelectChoice("", "Alla"), *(SelectChoice(*one) for one in VISIT_FORMS.items())],
        validate_choice=False,
    )  # fmt: skip
    vem = LineField("Vem av oss", [at_most(100)])


def visit_filter(address: object, first: int, last: int) -> tuple[VisitFilterForm, WantedVisits]:
    """The form as the address says, and what it asks for; a year outside `first` to `last` is the last."""
    form = VisitFilterForm(address)
    years = [str(year) for year in range(last, first - 1, -1)]
    form.ar.choices = [SelectChoice(year, year) for year in years]
    form.ar.data = form.ar.data if form.ar.data in years else years[0]
    form.form.data = form.form.data if form.form.data in set(VisitForm) else ""
    form.validate()
    who = "" if form.vem.errors else form.vem.data or ""
    return form, WantedVisits(int(form.ar.data), VisitForm(form.form.data) if form.form.data else None, who)
