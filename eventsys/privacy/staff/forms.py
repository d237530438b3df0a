"""Forms of the staff's pages about people's requests."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.fields import TextField
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, LineField, PhoneField, at_most, required
from eventsys.privacy.answering import Correction
from eventsys.privacy.asking import Asked
from eventsys.privacy.models import Wish
from eventsys.privacy.words import WISHES

NAME, TEXT, PHONE = 120, 2000, 40
TYPED = "RADERA"


class NewRequestForm(Form):
    """A request of somebody who telephoned, wrote or stands at the desk."""

    wish = RadioField(
        "Vad vill personen?",
        [required("Välj vad personen vill.")],
        choices=[SelectChoice(wish.value, word) for wish, word in WISHES.items()],
        validate_choice=False,
    )
    email = EmailField("E-post", [required("Skriv adressen som uppgifterna hör till."), at_most(LONGEST_EMAIL)])
    name = LineField("Namn", [at_most(NAME)])
    text = TextField(
        "Hur vet ni vem det är?",
        [required("Skriv hur ni vet att det är personen själv, till exempel: svarade från adressen."), at_most(TEXT)],
    )

    def validate_wish(self, field: RadioField) -> None:
        if field.data and field.data not in set(Wish):
            raise ValidationError("Välj vad personen vill.")

    def asked(self) -> Asked:
        return Asked(Wish(self.wish.data), self.email.normal, self.name.data or "", self.text.data or "")


class CorrectionForm(Form):
    name = LineField("Rätt namn", [at_most(NAME)])
    phone = PhoneField("Rätt telefonnummer", [at_most(PHONE)])

    def validate_phone(self, field: PhoneField) -> None:
        if not self.name.data and not field.data:
            raise ValidationError("Skriv det som ska rättas: ett namn, ett telefonnummer eller båda.")

    @property
    def correction(self) -> Correction:
        return Correction(self.name.data or "", self.phone.data or "", self.phone.e164)


class RefusalForm(Form):
    reason = TextField("Varför", [required("Skriv varför vi säger nej. Personen läser det i brevet."), at_most(TEXT)])


class ErasingForm(Form):
    """Typed, so that nobody forgets somebody by a slip."""

    typed = LineField(f"Skriv {TYPED} för att bekräfta", [required(f"Skriv {TYPED} med stora bokstäver.")])

    def validate_typed(self, field: Any) -> None:
        if field.data and field.data != TYPED:
            raise ValidationError(f"Skriv {TYPED} med stora bokstäver.")
