"""Forms of a company: its columns and SNI codes, and why it is archived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from eventsys.companies.archiving import LONGEST_REASON
from eventsys.companies.changing import marks_of
from eventsys.companies.editing import CODES, KEEPABLE, values_of
from eventsys.companies.models import Company, CompanyKind
from eventsys.companies.numbers import as_code, shown
from eventsys.companies.staff.conflicts import Conflict, in_words
from eventsys.companies.staff.fields import (
    CodesField,
    NumberLine,
    PostcodeLine,
    WebsiteLine,
    employees,
    no_personal_number,
)
from eventsys.companies.words import KINDS
from eventsys.fields import DayField, NumberField
from eventsys.forms import Form, HiddenLineField, LineField, at_most, required


class TickBoxes(SelectMultipleField):
    """Several of the choices; what is no choice is passed over."""

    data: Any
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: object) -> None:
        known = {str(choice.value) for choice in self.choices or ()}
        self.data = [value for value in self.data or () if value in known]


class CompanyForm(Form):
    name = LineField("Namn", [required("Skriv företagets namn."), at_most(200), no_personal_number])
    number = NumberLine("Organisationsnummer")
    kind = SelectField("Typ", choices=[SelectChoice(*one) for one in KINDS.items()])
    legal_form = LineField("Företagsform", [at_most(60)])
    employees = NumberField("Antal anställda", [employees])
    care_of = LineField("c/o", [at_most(120), no_personal_number])
    street = LineField("Gatuadress", [at_most(120), no_personal_number])
    postcode = PostcodeLine("Postnummer")
    place = LineField("Ort", [at_most(80)])
    website = WebsiteLine("Webbplats", [at_most(200)])
    sni_2007 = CodesField("SNI 2007")
    sni_2025 = CodesField("SNI 2025")
    registered_on = DayField("Registrerat hos Bolagsverket")
    refuses_advertising = BooleanField("Reklamspärr: vill inte ha brev som de inte har bett om")
    kept = TickBoxes("Inläsningar låter det här vara")
    seen = HiddenLineField()  # what the page showed when it was opened, see changing.marks_of

    def offer(self, company: Company | None) -> None:
        """The fields that are kept by hand, to choose among."""
        kept = company.kept_by_hand if company else []
        self.kept.choices = [SelectChoice(name, FIELD_LABELS[name]) for name in KEEPABLE if name in kept]

    def show(self, company: Company) -> None:
        """Fill it with what the company has now."""
        values = values_of(company)
        for name, value in values.items():
            if name != CODES:
                self[name].data = value
        self.number.data = shown(company.number) if company.number else ""
        self.sni_2007.data, self.sni_2025.data = (_codes(values[CODES], version) for version in ("2007", "2025"))
        self.kept.data = list(company.kept_by_hand)
        self.seen.data = marks_of(values)

    def values(self) -> dict[str, Any]:
        """What was written, by field, as editing.FIELDS names them."""
        plain = {name: self[name].data for name in KEEPABLE if name != CODES}
        codes = [("2007", code) for code in self.sni_2007.codes] + [("2025", code) for code in self.sni_2025.codes]
        return {**plain, "number": self.number.number, "kind": CompanyKind(self.kind.data), CODES: tuple(codes)}

    def conflicts(self, saved: Mapping[str, Any]) -> list[Conflict]:
        """`saved` as ChangedMeanwhile holds it."""
        written = self.values()
        return [Conflict(FIELD_LABELS[name], in_words(value), in_words(written[name])) for name, value in saved.items()]


FIELD_LABELS = {
    "name": "Namn", "number": "Organisationsnummer", "kind": "Typ", "legal_form": "Företagsform",
    "employees": "Antal anställda", "care_of": "c/o", "street": "Gatuadress", "postcode": "Postnummer", "place": "Ort",
    "website": "Webbplats", "registered_on": "Registreringsdag", "refuses_advertising": "Reklamspärr",
    CODES: "SNI-koder",
}  # fmt: skip


def _codes(pairs: tuple[tuple[str, str], ...], version: str) -> str:
    return "\n".join(as_code(code) for of, code in pairs if of == version)


class ArchivingForm(Form):
    why = LineField(
        "Varför?",
        [required("Skriv varför, så att den som hittar det i arkivet förstår."), at_most(LONGEST_REASON),
         no_personal_number],
        description="Till exempel: Flyttat från Borås. Lagt ner. Inlagt av misstag.",
    )  # fmt: skip
