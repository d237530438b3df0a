"""Forms of contacts and notes."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.companies.contacts import Reach, SameAddress
from eventsys.companies.staff.conflicts import Conflict, in_words
from eventsys.companies.staff.fields import no_personal_number
from eventsys.fields import TEXT, TextField
from eventsys.forms import (
    LONGEST_EMAIL,
    EmailField,
    Form,
    HiddenLineField,
    LineField,
    PhoneField,
    at_most,
    required,
)


class ContactForm(Form):
    name = LineField("Namn", [at_most(120), no_personal_number])
    role = LineField("Roll", [at_most(80)], description="Till exempel vd, ekonomi eller ordförande.")
    email = EmailField("E-post", [at_most(LONGEST_EMAIL)])
    phone = PhoneField("Telefon", [at_most(40)])
    seen = HiddenLineField()  # see changing.marks_of

    def reach(self) -> Reach:
        return Reach(self.name.data, self.role.data, self.email.data, self.phone.data, self.phone.e164)

    def refuse(self, refusal: Exception) -> None:
        """The refusal at the field that it is about."""
        field = self.email if isinstance(refusal, SameAddress) else self.name
        field.errors = [*field.errors, str(refusal)]

    def conflicts(self, saved: Mapping[str, str]) -> list[Conflict]:
        return [
            Conflict(self[name].label.text, in_words(value), in_words(self[name].data)) for name, value in saved.items()
        ]


class NoteForm(Form):
    text = TextField("Anteckning", [required("Skriv något att spara."), at_most(TEXT), no_personal_number])
    seen = HiddenLineField()  # see changing.marks_of
