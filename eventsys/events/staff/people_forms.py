"""Forms of the staff's pages about people: add, change, move, write to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField

from eventsys.events.forms import (
    ANSWER,
    COMPANY,
    DIET,
    NAME,
    BookerForm,
    OrganisationNumberField,
    PersonForm,
    person_form,
)
from eventsys.events.models import Attendee, Event, Question, Registration
from eventsys.events.programme.forms import ChoosesSessions, OfferedSlot, ShowsFull, slot_fields
from eventsys.events.registration import Booker, IfFull, Person, Wish
from eventsys.events.seats import Seats
from eventsys.fields import TITLE, TextField
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, HiddenLineField, LineField, PhoneField, at_most, required


def staff_person_form(event: Event, questions: Sequence[Question], attendee: Attendee) -> PersonForm:
    """One person, filled; without diet, which has a page of its own, and with every question free to leave open."""
    known = {
        "name": attendee.name,
        "email": attendee.email,
        "phone": attendee.phone,
        **{f"q_{answer.question_id}": answer.text for answer in attendee.answers},
    }
    form = type("StaffPersonForm", (Form, person_form(event, questions)), {"diet": None})(data=known)
    form.email.validators = [required("Skriv e-postadressen. Biljetten skickas dit."), *form.email.validators]
    form.email.flags.required = True
    _make_optional(form.question_fields)
    return form  # type: ignore[no-any-return]


def _make_optional(fields: Iterable[Field]) -> None:
    for field in fields:
        field.validators = [check for check in field.validators if not getattr(check, "field_flags", {})]
        field.flags.required = False


def changed_person(form: PersonForm, attendee: Attendee) -> Person:
    """The person as typed, with the diet there is."""
    return Person(
        name=form.name.data,
        email=form.email.data,
        email_key=form.email.normal,
        phone=form.phone.data,
        phone_e164=form.phone.e164,
        diet=attendee.diet.text if attendee.diet else "",
        answers={int(field.short_name[2:]): field.data or "" for field in form.question_fields},
    )


class StaffBookerForm(BookerForm):
    """Who booked, in words for somebody else."""

    name = LineField("Namn", [required("Skriv namnet på den som bokat."), at_most(NAME)])
    email = EmailField("E-post", [required("Skriv e-postadressen till den som bokat."), at_most(LONGEST_EMAIL)])
    phone = PhoneField("Mobil", [at_most(40)])


def booker_form(registration: Registration) -> StaffBookerForm:
    """Filled with who booked."""
    known = {
        "name": registration.booker_name,
        "email": registration.booker_email,
        "phone": registration.booker_phone,
    }
    return StaffBookerForm(data=known)


class AddForm(Form, ChoosesSessions, ShowsFull):
    """One person added by staff, who also stands as the one who booked."""

    name = LineField("Namn", [required("Skriv personens namn."), at_most(NAME)])
    email = EmailField("E-post", [required("Skriv e-postadressen. Biljetten skickas dit."), at_most(LONGEST_EMAIL)])
    phone = PhoneField("Mobil", [at_most(40)])
    company_name = LineField("Företag eller organisation", [at_most(COMPANY)])
    company_number = OrganisationNumberField("Organisationsnummer", [at_most(40)])
    diet = LineField("Allergi eller särskild kost", [at_most(DIET)])
    queue = HiddenField()  # "1" when the page has said that there is no seat
    idempotency_key = HiddenField(validators=[at_most(40)])
    full_shown = HiddenLineField(validators=[at_most(400)])

    @property
    def question_fields(self) -> list[Field]:
        return [field for field in self if field.short_name.startswith("q_")]

    def wish(self) -> Wish:
        booker = Booker(self.name.data, self.email.data, self.email.normal, self.phone.data, self.phone.e164)
        return Wish(
            booker=booker,
            people=(self._person(),),
            company_name=self.company_name.data,
            company_number=self.company_number.number,
            if_full=IfFull.TAKE_SOME if self.queue.data == "1" else IfFull.REFUSE,
            idempotency_key=self.idempotency_key.data or None,
        )

    def _person(self) -> Person:
        return Person(
            name=self.name.data,
            email=self.email.data,
            email_key=self.email.normal,
            phone=self.phone.data,
            phone_e164=self.phone.e164,
            diet=self.diet.data if "diet" in self else "",
            answers={int(field.short_name[2:]): field.data or "" for field in self.question_fields},
            sessions=self.sessions_wanted,
            queue_ok=self.queue_ok,
        )


def add_form(event: Event, questions: Sequence[Question], offered: Iterable[OfferedSlot] = ()) -> AddForm:
    """For this event: with its own questions (free to leave open), and diet only where it is asked."""
    free = (slot.unless(True) for slot in offered)
    fields: dict[str, Any] = slot_fields(free) | {f"q_{one.id}": _question_field(one) for one in questions}
    if not event.asks_diet:
        fields["diet"] = None
    form: AddForm = type("EventAddForm", (AddForm,), fields)()
    form.idempotency_key.data = form.idempotency_key.data or secrets.token_urlsafe(18)
    return form


def _question_field(question: Question) -> Field:
    if question.choices:
        choices = [("", "Inget svar"), *((choice, choice) for choice in question.choices)]
        return SelectField(question.label, choices=choices)
    return LineField(question.label, [at_most(ANSWER)])


class DietForm(Form):
    diet = LineField(
        "Allergi eller särskild kost",
        [at_most(DIET)],
        description="Tas bort dagen efter evenemanget. Lämna tomt för att ta bort nu.",
    )


class MoveForm(Form):
    """Which event a person is moved to. The choices are events within reach, `places` their seats."""

    places: list[tuple[Event, Seats]]

    event = RadioField("Flytta till", [required("Välj ett evenemang att flytta till.")], coerce=str)


class SendAgainForm(Form):
    letter_number = HiddenField()

    @property
    def number(self) -> int:
        return int(self.letter_number.data) if (self.letter_number.data or "").isdigit() else -1


class MessageForm(Form):
    """A message to a selection. `ids` are the chosen people when `to` says so."""

    to = RadioField("Till", [required("Välj vilka som ska få meddelandet.")])
    subject = LineField("Ämne", [required("Skriv ett ämne."), at_most(TITLE)])
    body = TextField(
        "Meddelande", [required("Skriv meddelandet."), at_most(5000)], description="Tom rad ger nytt stycke."
    )
