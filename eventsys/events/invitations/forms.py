"""Forms of the invitation's own page, and of those who ask for a place: strings into the plain values of the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from eventsys.events.forms import COMPANY, NAME, person_form
from eventsys.events.invitations.inviting import Guest
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Event, Question
from eventsys.events.programme.forms import OfferedSlot, ShowsFull
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, HiddenLineField, LineField, at_most, required
from eventsys.i18n import language

NOTE = 300


class NoteField(TextAreaField):
    """A few lines, without stray white space at the ends."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = (valuelist[0] if valuelist else "").replace("\r\n", "\n").strip()


def yes_form(
    event: Event, questions: Sequence[Question], offered: tuple[OfferedSlot, ...], invitation: Invitation
) -> Any:
    """What the event asks of everybody who comes, filled with what the invitation knows; the address is known."""
    known = {"name": invitation.name, "phone": invitation.phone}
    fields = {"full_shown": HiddenLineField(validators=[at_most(400)])}
    return type("YesForm", (Form, person_form(event, questions, offered), ShowsFull), fields)(data=known)


class NoForm(Form):
    """A no, with some words to the office if one likes."""

    message = NoteField(_l("Hälsning till oss"), [at_most(NOTE)])


class ColleagueForm(Form):
    """Who goes instead."""

    colleague_name = LineField(_l("Kollegans namn"), [required(_l("Skriv kollegans namn.")), at_most(NAME)])
    colleague_email = EmailField(
        _l("Kollegans e-post"),
        [required(_l("Skriv kollegans e-postadress. Inbjudan skickas dit.")), at_most(LONGEST_EMAIL)],
    )

    def guest(self) -> Guest:
        return Guest(self.colleague_email.data, self.colleague_email.normal, self.colleague_name.data)


class RequestForm(Form):
    """Somebody who is not invited asks for a place."""

    name = LineField(_l("Ditt namn"), [required(_l("Skriv ditt namn.")), at_most(NAME)])
    company_name = LineField(
        _l("Företag eller organisation"),
        [required(_l("Skriv företagets eller organisationens namn.")), at_most(COMPANY)],
    )
    email = EmailField(
        _l("Din e-post"), [required(_l("Skriv din e-postadress. Svaret skickas dit.")), at_most(LONGEST_EMAIL)]
    )
    why = NoteField(_l("Varför vill du komma?"), [required(_l("Skriv kort varför du vill komma.")), at_most(NOTE)])
    website = StringField(_l("Webbplats"))  # a trap: people never see it

    def guest(self) -> Guest:
        return Guest(
            self.email.data, self.email.normal, self.name.data, company_name=self.company_name.data, lang=language()
        )

    @property
    def is_from_robot(self) -> bool:
        return bool(self.website.data)
