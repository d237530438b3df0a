"""Forms of the staff's pages about events and series: strings into the plain values of the verbs."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectMultipleField, widgets
from wtforms.validators import Optional, ValidationError

from eventsys.clock import from_local, local
from eventsys.events.forms import ANSWER
from eventsys.events.models import Event, Question, Series
from eventsys.events.staff.closed_forms import CLOSED, ClosedForm
from eventsys.events.staff.reminder_forms import REMINDERS, RemindersForm
from eventsys.fields import (
    ADDRESS,
    LARGEST_PARTY,
    LINE,
    MOST_SEATS,
    PLACE,
    SUMMARY,
    TEXT,
    TITLE,
    ClockField,
    DayField,
    MomentField,
    NumberField,
    TextField,
    between,
    given,
)
from eventsys.forms import LONGEST_EMAIL, EmailField, Form, LineField, PhoneField, at_most, required

# --- events -------------------------------------------------------------------------------------------------------


# The fields of a form stand in the order in which these classes declare them, which is the order on the page.


class _Title(Form):
    title = LineField("Rubrik", [required("Skriv en rubrik."), at_most(TITLE)])
    summary = LineField(
        "Sammanfattning", [at_most(SUMMARY)], description="En mening. Syns i kalendern och överst på sidan."
    )


class _Texts(Form):
    description = TextField("Beskrivning", [at_most(TEXT)], description="Tom rad ger nytt stycke.")
    programme = TextField(
        "Program", [at_most(TEXT)], description="En punkt per rad, tiden först: 11.30 Insläpp och lunch"
    )
    speakers = TextField(
        "Talare", [at_most(TEXT)], description="En person per rad, rollen efter komma: Anna Ek, vd på Ek AB"
    )


class _WhenAndWhere(Form):
    day = DayField("Datum", [given("Välj ett datum.")])
    starts = ClockField("Börjar", [given("Skriv när det börjar.")])
    ends = ClockField("Slutar", [given("Skriv när det slutar.")])
    last_day = DayField("Sista dagen", [Optional()], description="Bara för evenemang som pågår i flera dagar.")
    place = LineField("Plats", [at_most(PLACE)], description="Lokalens namn, eller Digitalt.")
    address = LineField("Adress", [at_most(ADDRESS)])

    def validate_ends(self, _field: Field) -> None:
        if self._is_readable and self.ends_at <= self.starts_at:
            raise ValidationError("Sluttiden måste vara efter starttiden.")

    def validate_last_day(self, field: Field) -> None:
        if field.data and self.day.data and field.data < self.day.data:
            raise ValidationError("Sista dagen kan inte vara före datumet då det börjar.")

    @property
    def _is_readable(self) -> bool:
        return None not in (self.day.data, self.starts.data, self.ends.data)

    @property
    def starts_at(self) -> datetime:
        return from_local(datetime.combine(self.day.data, self.starts.data))

    @property
    def ends_at(self) -> datetime:
        return from_local(datetime.combine(self.last_day.data or self.day.data, self.ends.data))

    def times(self) -> dict[str, Any]:
        return {"starts_at": self.starts_at, "ends_at": self.ends_at}


class NewEventForm(_Title, _WhenAndWhere):
    """What a plain event needs: two minutes. The rest comes from the series and can be changed afterwards."""

    capacity = NumberField("Antal platser", [between(1, MOST_SEATS)])
    description = TextField("Beskrivning", [at_most(TEXT)], description="Tom rad ger nytt stycke.")
    warned = HiddenField()  # the date whose remarks have been read

    def values(self) -> dict[str, Any]:
        """Columns of Event by name."""
        names = ("title", "summary", "description", "place", "address", "capacity")
        return {**{name: self[name].data for name in names}, **self.times()}


class _Practical(Form):
    capacity = NumberField("Antal platser", [between(1, MOST_SEATS)])
    party_size = NumberField(
        "Högst så många per anmälan",
        [between(1, LARGEST_PARTY)],
        description="Hur många ett företag kan anmäla på en gång.",
    )
    price = LineField("Pris", [at_most(LINE)], description="Lämna tomt om det är gratis.")
    asks_diet = BooleanField("Fråga om allergi och särskild kost")
    opens_at = MomentField("Anmälan öppnar", [Optional()], description="Lämna tomt för att öppna när du publicerar.")
    closes_at = MomentField(
        "Anmälan stänger", [Optional()], description="Lämna tomt för att stänga när evenemanget börjar."
    )
    contact_name = LineField("Kontaktperson", [at_most(LINE)])
    contact_email = EmailField("E-post till kontaktpersonen", [at_most(LONGEST_EMAIL)])
    contact_phone = PhoneField("Telefon till kontaktpersonen", [at_most(40)])


class _English(Form):
    title_en = LineField("Rubrik på engelska", [at_most(TITLE)])
    summary_en = LineField("Sammanfattning på engelska", [at_most(SUMMARY)])
    description_en = TextField("Beskrivning på engelska", [at_most(TEXT)])


class TextsForm(_Title, _Texts, _English):
    """What an event is about. All that editors change."""

    seen = HiddenField()  # what the page showed when it was opened, see editing.marks_of

    def values(self) -> dict[str, Any]:
        """Columns of Event by name."""
        return {name: self[name].data for name in _TEXTS}


_TEXTS = ("title", "summary", "description", "programme", "speakers", "title_en", "summary_en", "description_en")


def new_event_form(series: Series) -> NewEventForm:
    """Filled with the defaults of the series."""
    hours = max(1, series.hours)
    return NewEventForm(
        data={
            "title": "", "summary": series.summary, "capacity": series.capacity, "place": series.place,
            "address": series.address, "starts": time(12), "ends": time(min(23, 12 + hours)),
        }
    )  # fmt: skip


class EventForm(TextsForm, _WhenAndWhere, _Practical, ClosedForm, RemindersForm):
    """All of an event."""

    confirmed = HiddenField()  # the new time and place that the page has said will be told

    def validate_closes_at(self, field: Field) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError("Anmälan måste stänga efter att den öppnat.")
        if field.data and self._is_readable and from_local(field.data) > self.starts_at:
            raise ValidationError("Anmälan kan inte stänga senare än evenemanget börjar.")

    def values(self) -> dict[str, Any]:
        names = ("place", "address", "capacity", "party_size", "price", "asks_diet", *CLOSED, *_CONTACT, *REMINDERS)
        return {
            **super().values(),
            **self.times(),
            **{name: self[name].data for name in names},
            "opens_at": _moment(self.opens_at.data),
            "closes_at": _moment(self.closes_at.data),
        }

    def facts(self) -> dict[str, Any]:
        """What people plan by, as `models.facts_of` reads it from an event."""
        return {**self.times(), "place": self.place.data, "address": self.address.data}


_CONTACT = ("contact_name", "contact_email", "contact_phone")


def _moment(wall_time: datetime | None) -> datetime | None:
    return from_local(wall_time) if wall_time else None


def _wall_time(moment: datetime | None) -> datetime | None:
    return local(moment).replace(tzinfo=None) if moment else None


def event_form(event: Event) -> EventForm:
    """Filled with the event as it is, times as the clock on the wall shows them."""
    begins, ends = local(event.starts_at), local(event.ends_at)
    return EventForm(
        obj=event,
        day=begins.date(),
        starts=begins.time(),
        ends=ends.time(),
        last_day=ends.date() if ends.date() != begins.date() else None,
        opens_at=_wall_time(event.opens_at),
        closes_at=_wall_time(event.closes_at),
    )


class CancelEventForm(Form):
    why = LineField(
        "Varför ställs det in?",
        [required("Skriv kort varför. Texten står i brevet till de anmälda."), at_most(SUMMARY)],
        description="En mening som står i brevet och på evenemangets sida.",
    )


class SourceForm(Form):
    name = LineField(
        "Vad ska QR-koden sitta på?",
        [required("Skriv vad QR-koden ska sitta på."), at_most(LINE)],
        description="Till exempel Affisch på biblioteket eller Bild i nyhetsbrevet.",
    )


# --- series -------------------------------------------------------------------------------------------------------


class SeriesForm(RemindersForm):
    """The defaults that new events of a series begin with."""

    name = LineField("Namn", [required("Skriv seriens namn."), at_most(LINE)])
    summary = LineField(
        "Sammanfattning", [at_most(SUMMARY)], description="En mening om serien. Nya evenemang börjar med den."
    )
    place = LineField("Plats", [at_most(PLACE)])
    address = LineField("Adress", [at_most(ADDRESS)])
    hours = NumberField("Antal timmar", [between(1, 24)])
    capacity = NumberField("Antal platser", [between(1, MOST_SEATS)])
    party_size = NumberField("Högst så många per anmälan", [between(1, LARGEST_PARTY)])
    price = LineField("Pris", [at_most(LINE)], description="Lämna tomt om det är gratis.")
    asks_diet = BooleanField("Fråga om allergi och särskild kost")
    public = BooleanField("Visa i den öppna kalendern")
    contact_name = LineField("Kontaktperson", [at_most(LINE)])
    contact_email = EmailField("E-post till kontaktpersonen", [at_most(LONGEST_EMAIL)])
    contact_phone = PhoneField("Telefon till kontaktpersonen", [at_most(40)])
    focus_area = LineField(
        "Fokusområde", [at_most(LINE)], description="Som i verksamhetsplanen. Används i uppföljningen."
    )
    co_organiser = LineField("Medarrangör", [at_most(LINE)], description="Till exempel Borås Näringsliv.")
    name_en = LineField("Namn på engelska", [at_most(LINE)])
    summary_en = LineField("Sammanfattning på engelska", [at_most(SUMMARY)])

    def values(self) -> dict[str, Any]:
        """Columns of Series by name."""
        return {field.short_name: field.data for field in self if field.short_name != "csrf_token"}


class QuestionForm(Form):
    """An own question; without choices the answer is free text."""

    label = LineField("Fråga", [required("Skriv frågan."), at_most(200)])
    label_en = LineField("Frågan på engelska", [at_most(200)])
    required = BooleanField("Måste besvaras")
    choices = TextField("Svarsalternativ", [at_most(4000)], description="Ett per rad. Lämna tomt för fritt svar.")

    def validate_choices(self, _field: Field) -> None:
        if any(len(choice) > ANSWER for choice in self._choices):
            raise ValidationError(f"Ett alternativ får ha högst {ANSWER} tecken. Korta det.")
        if len(self._choices) == 1:
            raise ValidationError("Skriv minst två alternativ, eller lämna tomt för fritt svar.")

    @property
    def _choices(self) -> list[str]:
        lines = (" ".join(line.split()) for line in (self.choices.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def values(self) -> dict[str, Any]:
        """Columns of Question by name."""
        return {
            "label": self.label.data, "label_en": self.label_en.data, "required": self.required.data,
            "choices": self._choices,
        }  # fmt: skip


def question_form(question: Question) -> QuestionForm:
    return QuestionForm(
        data={
            "label": question.label, "label_en": question.label_en, "required": question.required,
            "choices": "\n".join(question.choices),
        }
    )  # fmt: skip


class SeriesAccessForm(Form):
    """The series that a co-organiser works with."""

    series = SelectMultipleField(
        "Serier", coerce=int, option_widget=widgets.CheckboxInput(), widget=widgets.ListWidget(prefix_label=False)
    )
