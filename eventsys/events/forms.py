"""Forms of the public pages: strings into the plain values of the verbs."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.companies.numbers import BadNumber, PersonalNumber, organisation_number
from eventsys.events.models import Attendee, Event, Question, Registration
from eventsys.events.programme.forms import ChoosesSessions, OfferedSlot, ShowsFull, slot_fields
from eventsys.events.registration import Booker, IfFull, Person, Wish
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, HiddenLineField, LineField, PhoneField, at_most, required
from eventsys.i18n import language

NAME, COMPANY, DIET, ANSWER = 120, 200, 300, 500
KEPT_FORMS = 200


class NeedsForm(PlainForm, ChoosesSessions):
    """What we ask of everybody who comes. Own questions of the series and sessions to choose are added by `_asking`."""

    diet = LineField(_l("Allergi eller särskild kost"), [at_most(DIET)])

    @property
    def question_fields(self) -> list[Field]:
        return [field for field in self if field.short_name.startswith("q_")]

    @property
    def diet_text(self) -> str:
        return self.diet.data or "" if "diet" in self else ""

    @property
    def answer_texts(self) -> dict[int, str]:
        """Question id -> answer."""
        return {int(field.short_name[2:]): field.data or "" for field in self.question_fields}


class PersonForm(NeedsForm):
    """One person."""

    name = LineField(_l("Namn"), [required(_l("Skriv personens namn.")), at_most(NAME)])
    email = EmailField(_l("E-post"), [at_most(LONGEST_EMAIL)])
    phone = PhoneField(_l("Mobil"), [at_most(40)])

    def person(self, booker_email: str, booker_key: str, queue_ok: Collection[int] = ()) -> Person:
        """The person as typed; without an own address, the booker's. `queue_ok`: see Person."""
        return Person(
            name=self.name.data,
            email=self.email.data or booker_email,
            email_key=self.email.normal or booker_key,
            phone=self.phone.data,
            phone_e164=self.phone.e164,
            diet=self.diet_text,
            answers=self.answer_texts,
            sessions=self.sessions_wanted,
            queue_ok=queue_ok,
        )


class OrganisationNumberField(StringField):
    """An organisation number; `.number` is its ten digits. A personal number is recognised and never kept."""

    data: str
    number: str | None = None
    is_personal = False

    def pre_validate(self, form: Any) -> None:
        text = str(self.data or "").strip()
        if not text:
            return
        try:
            self.number = organisation_number(text)
        except PersonalNumber as error:
            self.is_personal, self.data = True, ""
            raise ValidationError(
                _(
                    "Det ser ut som ett personnummer. Vi sparar inte personnummer: "
                    "markera att du har enskild firma och lämna fältet tomt."
                )
            ) from error
        except BadNumber as error:
            raise ValidationError(_what_is_wrong(error)) from error


def _what_is_wrong(error: BadNumber) -> str:
    if error.reason == "length":
        return str(_("Organisationsnumret ska ha tio siffror. Kontrollera att du fått med alla."))
    return str(_("Organisationsnumret stämmer inte. Kontrollera siffrorna, troligen är en av dem fel."))


class RegistrationForm(Form, ShowsFull):
    """The whole booking on one page: company, people, terms. `registration_form` adds `.own` and `.people`.

    A booker who comes is the first person, with what `.own` asks; `.people` are the others.
    """

    company_name = LineField(
        _l("Företag eller organisation"),
        [required(_l("Skriv företagets eller organisationens namn.")), at_most(COMPANY)],
    )
    company_number = OrganisationNumberField(_l("Organisationsnummer"), [at_most(40)])
    sole_trader = BooleanField(_l("Jag har enskild firma"))
    booker_name = LineField(_l("Ditt namn"), [required(_l("Skriv ditt namn.")), at_most(NAME)])
    booker_email = EmailField(
        _l("Din e-post"),
        [required(_l("Skriv din e-postadress. Bekräftelse och biljetter skickas dit.")), at_most(LONGEST_EMAIL)],
    )
    booker_phone = PhoneField(_l("Din mobil"), [at_most(40)])
    booker_comes = BooleanField(_l("Jag kommer själv"), default=True)
    if_full = RadioField(
        _l("Om platserna inte räcker till alla"),
        choices=[
            SelectChoice(IfFull.TAKE_SOME.value, _l("Ge oss platser i den takt de finns, även om vi delas upp")),
            SelectChoice(IfFull.QUEUE_ALL.value, _l("Vi kommer tillsammans eller inte alls")),
        ],
        validate_choice=False,
    )
    wants_letters = BooleanField(_l("Jag vill också ha nyhetsbrevet Företagsamt (fyra gånger om året)"))
    queue = HiddenLineField()  # "1" when the page has said that there are too few seats
    full_shown = HiddenLineField(validators=[at_most(400)])  # sessions that the page has said are full
    source = HiddenLineField(validators=[at_most(60)])
    idempotency_key = HiddenLineField(validators=[at_most(40)])
    website = StringField(_l("Webbplats"))  # a trap: people never see it

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, somebody who comes, and no person twice under one address."""
        valid: bool = super().validate(extra_validators)
        if not self.booker_comes.data and not self.people.entries:
            self.booker_comes.errors = [_("Skriv minst en person som kommer, eller markera att du kommer själv.")]
            valid = False
        return self._has_no_twins() and valid

    def _has_no_twins(self) -> bool:
        own_key = self.booker_email.normal
        seen = {((self.booker_name.data or "").lower(), own_key)} if self.booker_comes.data else set()
        alike = []
        for person in (entry.form for entry in self.people.entries):
            key = ((person.name.data or "").lower(), person.email.normal or own_key)
            alike += [person] if key[0] and key in seen else []
            seen.add(key)
        for person in alike:
            person.name.errors = [*person.name.errors, _("Den här personen finns redan i anmälan.")]
        return not alike

    def wish(self) -> Wish:
        """The plain values. The party accepts the queue only when the page has offered it."""
        booker = Booker(
            self.booker_name.data,
            self.booker_email.data,
            self.booker_email.normal,
            self.booker_phone.data,
            self.booker_phone.e164,
        )
        return Wish(
            booker=booker,
            people=self._people(booker),
            company_name=self.company_name.data,
            company_number=None if self.sole_trader.data else self.company_number.number,
            sole_trader=self.sole_trader.data,
            if_full=self._if_full(),
            source=self.source.data or "",
            lang=language(),
            idempotency_key=self.idempotency_key.data or None,
            wants_letters=self.wants_letters.data,
        )

    def _people(self, booker: Booker) -> tuple[Person, ...]:
        others = [entry.form.person(booker.email, booker.email_key, self.queue_ok) for entry in self.people.entries]
        if not self.booker_comes.data:
            return tuple(others)
        needs = self.own.form
        me = Person(
            booker.name, booker.email, booker.email_key, booker.phone, booker.phone_e164,
            needs.diet_text, needs.answer_texts, needs.sessions_wanted, self.queue_ok,
        )  # fmt: skip
        return (me, *others)

    def _if_full(self) -> IfFull:
        if self.queue.data != "1":
            return IfFull.REFUSE
        return IfFull.QUEUE_ALL if self.if_full.data == IfFull.QUEUE_ALL.value else IfFull.TAKE_SOME

    def say_full(self, session_ids: Collection[int]) -> None:
        """The errors where a session was chosen that became full meanwhile."""
        for form in (self.own.form, *(entry.form for entry in self.people.entries)):
            form.say_full(session_ids)

    @property
    def is_from_robot(self) -> bool:
        return bool(self.website.data)


def registration_form(
    event: Event, questions: Sequence[Question], offered: tuple[OfferedSlot, ...] = ()
) -> RegistrationForm:
    """The form for this event, bound to what was posted. `offered` are the slots of its programme to choose in."""
    comes = not request.form or "booker_comes" in request.form
    form = _registration_form(_asked(questions), offered, event.asks_diet, comes)()
    form.idempotency_key.data = form.idempotency_key.data or secrets.token_urlsafe(18)
    return form


@functools.lru_cache(maxsize=KEPT_FORMS)
def _registration_form(
    asked: tuple[Asked, ...], offered: tuple[OfferedSlot, ...], asks_diet: bool, comes: bool
) -> type[RegistrationForm]:
    own_asked, own_offered = (tuple(one.unless(not comes) for one in many) for many in (asked, offered))
    fields = {
        "own": FormField(_asking(NeedsForm, own_asked, own_offered, asks_diet)),
        "people": FieldList(FormField(_asking(PersonForm, asked, offered, asks_diet))),
    }
    return type("RegistrationForm", (RegistrationForm,), fields)


def blank_person(form: RegistrationForm) -> PersonForm:
    """An empty person, for the page's script to add cards from."""
    return cast(PersonForm, form.people.unbound_field.args[0](prefix="people-0-"))


def person_form(event: Event, questions: Sequence[Question], offered: tuple[OfferedSlot, ...] = ()) -> type[PersonForm]:
    """PersonForm as this event asks it."""
    return cast(type[PersonForm], _asking(PersonForm, _asked(questions), offered, event.asks_diet))


@dataclass(frozen=True)
class Asked:
    """An own question as a form shows it, in the page's language."""

    name: str
    label: str
    required: bool
    choices: tuple[str, ...]

    def unless(self, nobody_answers: bool) -> Asked:
        """The same question, not demanded of a booker who does not come."""
        return replace(self, required=self.required and not nobody_answers)


def _asked(questions: Sequence[Question]) -> tuple[Asked, ...]:
    in_swedish = language() == "sv"
    return tuple(
        Asked(f"q_{one.id}", one.label if in_swedish else one.label_en or one.label, one.required, tuple(one.choices))
        for one in questions
    )


@functools.lru_cache(maxsize=KEPT_FORMS)
def _asking(
    form: type[NeedsForm], asked: tuple[Asked, ...], offered: tuple[OfferedSlot, ...], asks_diet: bool
) -> type[NeedsForm]:
    """The form with these sessions and questions, and without diet where it is not asked."""
    fields: dict[str, Any] = slot_fields(offered) | {one.name: _question_field(one) for one in asked}
    if not asks_diet:
        fields["diet"] = None
    return type(form.__name__, (form,), fields) if fields else form


def _question_field(asked: Asked) -> Field:
    checks: list[Any] = [at_most(ANSWER)]
    if asked.required:
        checks.insert(0, required(_l("Svara på frågan.")))
    if asked.choices:
        choices = [SelectChoice("", _l("Välj")), *(SelectChoice(choice) for choice in asked.choices)]
        return SelectField(asked.label, checks, choices=choices)
    return LineField(asked.label, checks)


def change_person_form(
    event: Event, questions: Sequence[Question], attendee: Attendee | None, offered: tuple[OfferedSlot, ...] = ()
) -> Any:
    """One person of a booking to change, or a new one to add with sessions to choose, filled with what is known."""
    fields = {"full_shown": HiddenLineField(validators=[at_most(400)])}
    return type("ChangePersonForm", (Form, person_form(event, questions, offered), ShowsFull), fields)(
        data=_known(attendee) if attendee else None
    )


def _known(attendee: Attendee) -> dict[str, str]:
    return {
        "name": attendee.name,
        "email": attendee.email,
        "phone": attendee.phone,
        "diet": attendee.diet.text if attendee.diet else "",
        **{f"q_{answer.question_id}": answer.text for answer in attendee.answers},
    }


class BookerForm(Form):
    """Who booked."""

    name = LineField(_l("Ditt namn"), [required(_l("Skriv ditt namn.")), at_most(NAME)])
    email = EmailField(_l("Din e-post"), [required(_l("Skriv din e-postadress.")), at_most(LONGEST_EMAIL)])
    phone = PhoneField(_l("Din mobil"), [at_most(40)])

    def booker(self) -> Booker:
        return Booker(self.name.data, self.email.data, self.email.normal, self.phone.data, self.phone.e164)


def booker_form(registration: Registration) -> BookerForm:
    known = {
        "name": registration.booker_name,
        "email": registration.booker_email,
        "phone": registration.booker_phone,
    }
    return BookerForm(data=known)


class MyBookingsForm(Form):
    """Which address to mail the links to."""

    email = EmailField(_l("E-post"), [required(_l("Skriv e-postadressen du anmälde dig med.")), at_most(LONGEST_EMAIL)])


class PressForm(Form):
    """A button and its CSRF token."""
