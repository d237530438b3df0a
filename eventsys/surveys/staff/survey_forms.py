"""Forms of the staff's pages about a survey: its texts and times, its questions, the template, the settings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.events.programme.models import Session
from eventsys.fields import LINE, MomentField, NumberField, RowField, TextField, between, wall_time
from eventsys.forms import Form, HiddenLineField, LineField, at_most, required
from eventsys.surveys.due import MOST_REMINDERS
from eventsys.surveys.models import (
    NKI_KINDS,
    Asked,
    QuestionKind,
    Survey,
    SurveyQuestion,
    SurveySettings,
    SurveyTemplate,
)
from eventsys.surveys.nki import BANDS
from eventsys.surveys.settings import HIGHEST_NKI, begins_of
from eventsys.surveys.words import ASKED, KINDS
from eventsys.surveys.words import BANDS as BAND_WORDS

INTRO, QUESTION, END, LATEST_REMINDER = 2000, 300, 80, 60
FEWEST_OPTIONS, MOST_OPTIONS = 2, 15
_DAY = re.compile("[0-9]{1,3}")
LEAST_OF_ALL = 5
"""Fewer answers than that could be told apart whatever else is hidden."""


class DaysField(LineField):
    """Days after the opening, such as `3, 7`; `.days` are the numbers, rising, each once."""

    days: Sequence[int] = ()

    def process_data(self, value: Any) -> None:
        self.data = ", ".join(str(day) for day in value or ())

    def pre_validate(self, form: Any) -> None:
        parts = (self.data or "").replace(",", " ").replace(" och ", " ").split()
        if not all(_DAY.fullmatch(part) and 0 < int(part) <= LATEST_REMINDER for part in parts):
            raise ValidationError(f"Skriv dagar från 1 till {LATEST_REMINDER} med komma emellan, till exempel 3, 7.")
        self.days = sorted({int(part) for part in parts})
        if len(self.days) > MOST_REMINDERS:
            raise ValidationError(f"Påmin högst {MOST_REMINDERS} gånger. Ta bort någon dag.")


class _Texts(Form):
    seen = HiddenLineField()
    intro = TextField("Inledning", [at_most(INTRO)], description="Står ovanför frågorna. Får vara tom.")
    thanks = TextField("Tack", [at_most(INTRO)], description="Visas när svaret har skickats. Får vara tomt.")
    intro_en = TextField("Inledning på engelska", [at_most(INTRO)])
    thanks_en = TextField("Tack på engelska", [at_most(INTRO)])

    def texts(self) -> dict[str, str]:
        return {name: self[name].data for name in ("intro", "intro_en", "thanks", "thanks_en")}


class TextsForm(_Texts):
    def values(self) -> dict[str, Any]:
        return self.texts()


class TemplateForm(_Texts):
    is_automatic = BooleanField("Evenemangen får sin enkät av sig själva")
    reminder_days = DaysField("Påminnelser, dagar efter att den öppnat")
    asks_no_shows = BooleanField("Fråga dem som uteblev varför")

    def values(self) -> dict[str, Any]:
        return {
            **self.texts(), "is_automatic": self.is_automatic.data, "reminder_days": list(self.reminder_days.days),
            "asks_no_shows": self.asks_no_shows.data,
        }  # fmt: skip


def texts_form(survey: Survey, seen: str) -> TextsForm:
    return TextsForm(obj=survey, seen=seen)


def template_form(template: SurveyTemplate, seen: str) -> TemplateForm:
    return TemplateForm(obj=template, seen=seen)


class TimesForm(Form):
    seen = HiddenLineField()
    opens_at = MomentField("Öppnar", description="Tomt: så snart efter evenemanget som inställningarna säger.")
    closes_at = MomentField(
        "Stänger", description="Tomt: så många dagar efter att den öppnat som inställningarna säger."
    )
    reminder_days = DaysField(
        "Påminnelser, dagar efter att den öppnat",
        description="Högst tre, till exempel 3, 7. De går ut kl. 9 en arbetsdag, bara till dem som inte har svarat.",
    )
    asks_no_shows = BooleanField("Fråga dem som uteblev varför")

    def values(self) -> dict[str, Any]:
        return {
            "opens_at": self.opens_at.moment, "closes_at": self.closes_at.moment,
            "reminder_days": list(self.reminder_days.days), "asks_no_shows": self.asks_no_shows.data,
        }  # fmt: skip


def times_form(survey: Survey, seen: str) -> TimesForm:
    times = {"opens_at": wall_time(survey.opens_at), "closes_at": wall_time(survey.closes_at)}
    return TimesForm(
        data={**times, "reminder_days": survey.reminder_days, "asks_no_shows": survey.asks_no_shows, "seen": seen}
    )


# --- a question ---------------------------------------------------------------------------------------------------

_KINDS = [SelectChoice(kind.value, KINDS[kind]) for kind in QuestionKind if kind not in NKI_KINDS]


class IndexQuestionForm(Form):
    """One of the three questions of the index: only its words."""

    seen = HiddenLineField()
    text = LineField("Fråga", [required("Skriv frågan."), at_most(QUESTION)])
    low = LineField("1 betyder", [at_most(END)])
    high = LineField("10 betyder", [at_most(END)])
    is_required = BooleanField("Måste besvaras", description="Vet ej räknas som ett svar.")
    text_en = LineField("Frågan på engelska", [at_most(QUESTION)])
    low_en = LineField("1 betyder, på engelska", [at_most(END)])
    high_en = LineField("10 betyder, på engelska", [at_most(END)])

    def validate_low(self, field: Field) -> None:
        if self.is_scale and not field.data:
            raise ValidationError("Skriv vad 1 betyder, till exempel Inte alls.")

    def validate_high(self, field: Field) -> None:
        if self.is_scale and not field.data:
            raise ValidationError("Skriv vad 10 betyder, till exempel Helt och hållet.")

    @property
    def is_scale(self) -> bool:
        return True

    def values(self) -> dict[str, Any]:
        """Columns of SurveyQuestion by name."""
        words = ("text", "text_en", "low", "low_en", "high", "high_en")
        return {**{name: self[name].data for name in words}, "is_required": self.is_required.data}


class QuestionForm(IndexQuestionForm):
    """Any other question; what its kind does not need is ignored."""

    kind = RadioField("Typ", choices=_KINDS, default=QuestionKind.SCALE.value)
    asked = RadioField(
        "Ställs till", choices=[SelectChoice(one.value, ASKED[one]) for one in Asked],
        default=Asked.ATTENDED.value,
    )  # fmt: skip
    session_id = RowField("Bara till dem som var på", default="")
    options = TextField("Svarsalternativ", [at_most(2000)], description="För val: ett alternativ per rad.")
    options_en = TextField(
        "Svarsalternativ på engelska", [at_most(2000)], description="Lika många rader, i samma ordning. Får vara tomt."
    )

    @property
    def is_scale(self) -> bool:
        return bool(self.kind.data == QuestionKind.SCALE)

    @property
    def is_choice(self) -> bool:
        return self.kind.data in (QuestionKind.CHOICE, QuestionKind.CHOICES)

    def offer(self, sessions: Sequence[Session]) -> None:
        """The sessions that the question can be about."""
        self.session_id.choices = [("", "Alla pass"), *((one.id, one.title) for one in sessions)]

    def validate_options(self, _field: Field) -> None:
        lines = _lines(self.options)
        if not self.is_choice:
            return
        if not FEWEST_OPTIONS <= len(lines) <= MOST_OPTIONS:
            raise ValidationError(f"Skriv {FEWEST_OPTIONS} till {MOST_OPTIONS} alternativ, ett per rad.")
        if len(set(lines)) < len(lines):
            raise ValidationError("Två alternativ är lika. Ändra det ena.")
        if any(len(line) > LINE for line in lines):
            raise ValidationError(f"Ett alternativ får ha högst {LINE} tecken. Korta det.")

    def validate_options_en(self, _field: Field) -> None:
        english = _lines(self.options_en)
        if self.is_choice and english and len(english) != len(_lines(self.options)):
            raise ValidationError("Skriv lika många alternativ på engelska som på svenska, eller lämna fältet tomt.")
        if any(len(line) > LINE for line in english):
            raise ValidationError(f"Ett alternativ får ha högst {LINE} tecken. Korta det.")

    def values(self) -> dict[str, Any]:
        words = super().values()
        if not self.is_scale:
            words |= dict.fromkeys(("low", "low_en", "high", "high_en"), "")
        return {
            **words, "kind": QuestionKind(self.kind.data), "asked": Asked(self.asked.data),
            "session_id": self.session_id.id_chosen, "options": self._options() if self.is_choice else [],
        }  # fmt: skip

    def _options(self) -> list[dict[str, str]]:
        swedish = _lines(self.options)
        english = _lines(self.options_en) or [""] * len(swedish)
        return [{"sv": sv, "en": en} for sv, en in zip(swedish, english, strict=True)]


def _lines(field: Field) -> list[str]:
    lines = (" ".join(line.split()) for line in (field.data or "").splitlines())
    return [line for line in lines if line]


def question_form(question: SurveyQuestion, seen: str) -> IndexQuestionForm:
    """Filled with a question as it is; of the index, only with its words."""
    if question.kind in NKI_KINDS:
        return IndexQuestionForm(obj=question, seen=seen)
    words = {name: getattr(question, name) for name in ("text", "text_en", "low", "low_en", "high", "high_en")}
    return QuestionForm(
        data={
            **words, "seen": seen, "kind": question.kind.value, "asked": question.asked.value,
            "is_required": question.is_required,
            "session_id": "" if question.session_id is None else str(question.session_id),
            "options": "\n".join(one["sv"] for one in question.options),
            "options_en": "\n".join(one.get("en", "") for one in question.options).strip(),
        }
    )  # fmt: skip


# --- settings -----------------------------------------------------------------------------------------------------


class SettingsForm(Form):
    goal = NumberField("Mål för NKI", [between(0, HIGHEST_NKI)])
    least = NumberField("Minsta antal svar för att visa en siffra", [between(LEAST_OF_ALL, 50)])
    opens_after_hours = NumberField("Timmar efter evenemanget som enkäten öppnar", [between(0, 240)])
    closes_after_days = NumberField("Dagar som enkäten är öppen", [between(1, 90)])
    reminder_days = DaysField("Påminnelser, dagar efter att den öppnat")
    very_high = NumberField(BAND_WORDS[BANDS[0][1]].capitalize(), [between(1, HIGHEST_NKI)])
    high = NumberField(BAND_WORDS[BANDS[1][1]].capitalize(), [between(1, HIGHEST_NKI)])
    fair = NumberField(BAND_WORDS[BANDS[2][1]].capitalize(), [between(1, HIGHEST_NKI)])
    low = NumberField(BAND_WORDS[BANDS[3][1]].capitalize(), [between(1, HIGHEST_NKI)])

    NUMBERS = ("goal", "least", "opens_after_hours", "closes_after_days")
    BEGINS = ("very_high", "high", "fair", "low")

    def values(self) -> dict[str, Any]:
        """Columns of SurveySettings by name."""
        bands = {name: self[name].data for name in self.BEGINS}
        numbers = {name: self[name].data for name in self.NUMBERS}
        return {**numbers, "bands": {**bands, "very_low": 0}, "reminder_days": list(self.reminder_days.days)}

    def validate_reminder_days(self, field: Field) -> None:
        late = [day for day in self.reminder_days.days if day >= (self.closes_after_days.data or 0)]
        if late:
            raise ValidationError(f"Dag {late[0]} är för sent: enkäten stänger dag {self.closes_after_days.data}.")


def settings_form(settings: SurveySettings) -> SettingsForm:
    numbers = {name: getattr(settings, name) for name in SettingsForm.NUMBERS}
    begins = {band.value: number for band, number in begins_of(settings).items()}
    return SettingsForm(data={**numbers, **begins, "reminder_days": settings.reminder_days})
