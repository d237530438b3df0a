"""The forms of accounts and settings."""

from __future__ import annotations

import re
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, Field, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Optional, ValidationError

from eventsys.errors import Refused
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, LineField, PhoneField, at_most, required
from eventsys.identity import check_accent
from eventsys.staff.models import ROLE_LABELS, Role
from eventsys.staff.passwords import check_password

LONGEST_NAME = 120


def refuse(field: Field, refusal: object) -> None:
    """Show the domain's refusal at the field."""
    field.errors = [*field.errors, str(refusal)]


# --- signing in ---------------------------------------------------------------------------------------------------


class SignInForm(Form):
    email = EmailField("E-post", validators=[required("Skriv din e-postadress.")])
    password = PasswordField("Lösenord", validators=[required("Skriv ditt lösenord.")])
    vidare = HiddenField()


class ForgottenForm(Form):
    email = EmailField("E-post", validators=[required("Skriv din e-postadress.")])


class ChangePasswordForm(Form):
    """A new password, twice, after the one in use. Give the account's address: it may not be the password."""

    current = PasswordField("Nuvarande lösenord", validators=[required("Skriv lösenordet du har nu.")])
    password = PasswordField("Nytt lösenord", validators=[required("Skriv ett nytt lösenord.")])
    again = PasswordField("Nytt lösenord en gång till", validators=[required("Skriv det nya lösenordet en gång till.")])

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def validate_password(self, field: Field) -> None:
        try:
            check_password(field.data, self._email)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def validate_again(self, field: Field) -> None:
        if field.data and field.data != self.password.data:
            raise ValidationError("De två lösenorden är olika. Skriv samma i båda fälten.")


class PasswordByLinkForm(ChangePasswordForm):
    """The same for one who holds a link: nothing else is asked."""

    current = None


class NameForm(Form):
    name = LineField("Namn", validators=[required("Skriv ditt namn."), at_most(LONGEST_NAME)])


# --- the second factor --------------------------------------------------------------------------------------------


class CodeForm(Form):
    """A code from the app, or a recovery code."""

    code = LineField("Kod", validators=[required("Skriv koden."), at_most(60)])


class RecoveryCodeForm(CodeForm):
    code = LineField("Reservkod", validators=[required("Skriv en av dina reservkoder."), at_most(60)])


class TurningOffForm(CodeForm):
    password = PasswordField("Lösenord", validators=[required("Skriv ditt lösenord.")])


# --- accounts -----------------------------------------------------------------------------------------------------


def _role_field() -> RadioField:
    return RadioField(
        "Roll",
        choices=[SelectChoice(role.value, ROLE_LABELS[role]) for role in Role],
        validators=[required("Välj en roll."), AnyOf([role.value for role in Role], message="Välj en av rollerna.")],
        validate_choice=False,
    )


class InvitationForm(Form):
    name = LineField("Namn", validators=[required("Skriv personens namn."), at_most(LONGEST_NAME)])
    email = EmailField("E-post", validators=[required("Skriv personens e-postadress."), at_most(LONGEST_EMAIL)])
    role = _role_field()


class RoleForm(Form):
    role = _role_field()


# --- appearance ---------------------------------------------------------------------------------------------------


class AppearanceForm(Form):
    name = LineField("Namn", validators=[required("Skriv ett namn. Det står överst på alla sidor."), at_most(80)])
    tagline = LineField("Beskrivning på svenska", validators=[at_most(160)])
    tagline_en = LineField("Beskrivning på engelska", validators=[at_most(160)])
    organisation = LineField(
        "Organisation", validators=[required("Skriv vilken organisation som svarar för sidorna."), at_most(120)]
    )
    contact_email = EmailField("E-post för frågor", validators=[at_most(LONGEST_EMAIL)])
    contact_phone = PhoneField("Telefon för frågor", validators=[at_most(40)])
    accent = StringField("Färg", validators=[required("Välj en färg.")])
    logo = FileField("Logotyp")
    remove_logo = BooleanField("Ta bort logotypen")

    def validate_accent(self, field: Field) -> None:
        field.data = (field.data or "").strip().lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", field.data):
            raise ValidationError("Skriv färgen som # och sex tecken, till exempel #1f5c4d.")
        try:
            check_accent(field.data)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal


# --- the audit trail ----------------------------------------------------------------------------------------------


class AuditFilterForm(Form):
    """Read from the address, so that a view can be shared by its link."""

    class Meta:
        csrf = False

    vem = SelectField("Vem", validate_choice=False)
    grupp = SelectField("Slags handling", validate_choice=False)
    vad = SelectField("Vad", validate_choice=False)
    slag = SelectField("Gäller", validate_choice=False)
    galler = LineField("En sak")
    fran = DateField("Från och med", validators=[Optional()])
    till = DateField("Till och med", validators=[Optional()])
