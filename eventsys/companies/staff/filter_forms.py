"""The filter of the list of companies, in its address."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.companies.listing import Order, Show, Wanted
from eventsys.companies.models import CompanyKind, Origin, Tag
from eventsys.companies.staff.fields import employees
from eventsys.companies.words import KINDS, ORIGINS
from eventsys.fields import NumberField
from eventsys.forms import Form, LineField, at_most

ALL = SelectChoice("", "Alla")
SHOWS = {Show.IN_USE: "I registret", Show.WITHOUT_EMAIL: "Utan e-post", Show.ARCHIVED: "Arkiverade"}


def _digits(_form: Any, field: Any) -> None:
    code = _bare(field.data)
    if code and not (code.isascii() and code.isdigit() and len(code) <= 5):
        raise ValidationError("Skriv början på en SNI-kod, till exempel 62 eller 62.010.")


def _bare(text: str | None) -> str:
    return "".join((text or "").replace(".", "").split())


class CompanyFilterForm(Form):
    """Which companies. In the address, so without a token; a field with an error does not narrow the list."""

    class Meta(Form.Meta):
        csrf = False

    sok = LineField("Sök namn eller nummer", [at_most(100)])
    typ = SelectField("Typ", choices=[ALL, *(SelectChoice(*one) for one in KINDS.items())], validate_choice=False)
    etikett = SelectField("Etikett", validate_choice=False)
    plats = LineField("Ort eller postnummer", [at_most(80)])
    sni = LineField("SNI, början på koden", [at_most(10), _digits])
    minst = NumberField("Anställda från", [employees])
    mest = NumberField("Anställda till", [employees])
    kalla = SelectField(
        "Kom in genom", choices=[ALL, *(SelectChoice(*one) for one in ORIGINS.items())], validate_choice=False
    )
    visa = SelectField("Vilka", choices=[SelectChoice(*one) for one in SHOWS.items()], validate_choice=False)
    ordning = HiddenField()

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            text=self._valid("sok") or "",
            kind=CompanyKind(self.typ.data) if self.typ.data in set(CompanyKind) else None,
            tag=int(self.etikett.data) if self.etikett.data in _values(self.etikett) else None,
            place=self._valid("plats") or "",
            sni=_bare(self._valid("sni")),
            origin=Origin(self.kalla.data) if self.kalla.data in set(Origin) else None,
            least=self._valid("minst"),
            most=self._valid("mest"),
            show=Show(self.visa.data) if self.visa.data in set(Show) else Show.IN_USE,
            order=Order(self.ordning.data) if self.ordning.data in set(Order) else Order.NAME,
        )

    def _valid(self, name: str) -> Any:
        return None if self[name].errors else self[name].data


def _values(field: SelectField) -> set[str]:
    return {choice.value for choice in field.choices if choice.value}


def company_filter(address: object, tags: list[Tag]) -> CompanyFilterForm:
    """The form as the address says, validated."""
    form = CompanyFilterForm(address)
    form.etikett.choices = [ALL, *(SelectChoice(str(tag.id), tag.name) for tag in tags)]
    for field in (form.typ, form.etikett, form.kalla, form.visa):
        field.data = field.data if field.data in _values(field) else ""
    form.validate()
    return form
