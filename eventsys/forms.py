"""Machinery of forms: fields that turn what people type into plain values, with errors that say what to do."""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField
from wtforms.i18n import get_translations
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from eventsys.i18n import language

# An e-mail address may be typed with å ä ö on both sides of the @; domains of tests and demonstrations are allowed.
LONGEST_EMAIL = 254


def normal_email(text: str) -> str:
    """An address as we compare it: lower case, one form of å ä ö, the domain as people write it.

    Raises ValueError when it is not an address.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True, allow_smtputf8=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return found.normalized.lower()


def squeeze(text: str | None) -> str:
    """One line without stray white space, line breaks or control characters: safe in names and letter headers.

    å ä ö come as one character each, however they were typed; marks that nobody sees (soft hyphens, zero width) go.
    """
    if text and text.isprintable() and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text or "")
    seen = (character for character in composed if unicodedata.category(character) != "Cf")
    return " ".join("".join(character if character.isprintable() else " " for character in seen).split())


class LineField(StringField):
    """One line of text, squeezed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = squeeze(valuelist[0]) if valuelist else ""


class HiddenLineField(LineField):
    """What the page sends along unseen: one clean line, whatever is sent in its place."""

    widget = HiddenInput()


class EmailField(LineField):
    """An e-mail address as typed; `.normal` is how we compare it."""

    normal: str = ""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        try:
            self.normal = normal_email(self.data)
        except ValueError as error:
            raise ValidationError(
                _("Skriv e-postadressen som namn@foretag.se. Kontrollera att inget tecken saknas.")
            ) from error


class PhoneField(LineField):
    """A phone number as typed; `.e164` is the international form. Swedish unless it begins with + or 00."""

    e164: str = ""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        try:
            number = phonenumbers.parse(self.data, "SE")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(
                _("Skriv telefonnumret med siffror, till exempel 033-35 70 00 eller +46 33 35 70 00.")
            )
        self.e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class Form(FlaskForm):
    """The base of all forms, with CSRF."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """JSON is no form: its numbers, lists and nulls are not the strings that fields expect."""
            is_given = isinstance(formdata, MultiDict)
            return None if request.is_json and not is_given else super().wrap_formdata(form, formdata)

        def get_translations(self, _form: Any) -> Any:
            """The few texts of WTForms itself, read once and not at every form."""
            return _own_words(language())

    def process(self, *args: Any, **kwargs: Any) -> None:
        """A text that was not sent along is an empty text, as whoever reads the form expects, and never None."""
        super().process(*args, **kwargs)
        for field in self:
            if isinstance(field, StringField) and field.data is None:
                field.data = ""


@functools.cache
def _own_words(lang: str) -> Any:
    return get_translations([lang])


def at_most(longest: int) -> Any:
    """A validator: no longer than this many characters; says how many there are."""

    def check(_form: Any, field: Field) -> None:
        length = len(field.data or "")
        if length > longest:
            raise ValidationError(
                _("Texten är %(length)d tecken, högst %(most)d får plats. Korta den.", length=length, most=longest)
            )

    return check


def required(message: Any) -> Any:
    """A validator: something must be given; the message (also a lazy one) says what and why."""

    def check(_form: Any, field: Field) -> None:
        if not field.data:
            raise ValidationError(str(message))

    check.field_flags = {"required": True}  # type: ignore[attr-defined]  # the label of others says "(frivilligt)"
    return check
