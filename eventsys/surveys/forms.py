"""The form of a survey, built from its questions: what people tick and write, into plain values.

It carries no CSRF token: that would need a cookie, and the link itself is the secret that a forger lacks. The open way
has no secret; whoever may send its form may also open it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.fields import TextField
from eventsys.forms import Form, HiddenLineField, at_most
from eventsys.surveys.answering import LONGEST_TEXT, Given
from eventsys.surveys.asked import mark_of_shown
from eventsys.surveys.models import SCALE_KINDS, QuestionKind, SurveyQuestion
from eventsys.surveys.nki import HIGHEST, LOWEST

DONT_KNOW = "vet-ej"
_LONGEST_NAMED = 60


class _OneOf(RadioField):
    """One of the choices, or none; anything else is refused with words that say what to do."""

    foreign: Any = ""

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {one.value for one in self.choices or ()}:
            raise ValidationError(str(self.foreign))


class ScaleField(_OneOf):
    """A number from 1 to 10, or "vet ej"."""

    foreign = _l("Välj ett tal från 1 till 10.")

    def given(self) -> Given | None:
        if not self.data:
            return None
        return Given() if self.data == DONT_KNOW else Given(int(self.data))


class ChoiceField(_OneOf):
    foreign = _l("Välj ett av svaren i listan.")

    def given(self) -> Given | None:
        return Given(int(self.data)) if self.data else None


class ChoicesField(SelectMultipleField):
    option_widget = widgets.CheckboxInput()
    widget = widgets.ListWidget(prefix_label=False)

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= {one.value for one in self.choices or ()}:
            raise ValidationError(_("Välj bland svaren i listan."))

    def given(self) -> Given | None:
        return Given(places=tuple(sorted({int(value) for value in self.data}))) if self.data else None


class WordsField(TextField):
    def given(self) -> Given | None:
        return Given(text=self.data) if self.data else None


class SurveyForm(Form):
    """The fields of the questions are named `q` and the question's id."""

    class Meta(Form.Meta):
        csrf = False

    shown = HiddenLineField()
    once = HiddenLineField()
    questions: Sequence[SurveyQuestion] = ()

    @property
    def asked(self) -> list[tuple[SurveyQuestion, Any]]:
        """Each question with its field, in their order."""
        return [(question, self[name_of(question)]) for question in self.questions]

    @property
    def requires_something(self) -> bool:
        return any(question.is_required for question in self.questions)

    def answers(self) -> dict[int, Given]:
        """What was answered, by the question's id; of a form that is valid."""
        found = ((question.id, field.given()) for question, field in self.asked)
        return {id_: given for id_, given in found if given is not None}

    def written(self) -> list[tuple[SurveyQuestion, str]]:
        """The texts, to be shown to who wrote them when they cannot be handed in."""
        texts = ((question, field.data) for question, field in self.asked if isinstance(field, WordsField))
        return [(question, text) for question, text in texts if text]

    def forget_changed(self) -> None:
        """Empty what was ticked at questions that are not those that were shown: it was meant for other words."""
        shown = set(self.shown.data.split("."))
        for question, field in self.asked:
            if not isinstance(field, WordsField) and mark_of_shown(question) not in shown:
                field.data = [] if isinstance(field, ChoicesField) else None

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not self.answers():
            self._say_first(_("Du har inte svarat på någon fråga. Svara på minst en och skicka igen."))
            return False
        return bool(valid)

    def _say_first(self, error: str) -> None:
        """At the first question, so that the summary leads there; of the form where it has none."""
        if not self.questions:
            self.form_errors.append(error)
        for _question, field in self.asked[:1]:
            field.errors = [error]


def survey_form(questions: Sequence[SurveyQuestion], lang: str, **given: Any) -> SurveyForm:
    """The form of these questions in the page's language, bound to what was sent, if anything was."""
    fields = {name_of(question): _field(question, lang) for question in questions}
    made: SurveyForm = type("SurveyForm", (SurveyForm,), {**fields, "questions": tuple(questions)})(**given)
    return made


def name_of(question: SurveyQuestion) -> str:
    return f"q{question.id}"


def _field(question: SurveyQuestion, lang: str) -> Any:
    text = question.in_language(lang, "text")
    validators = [_needed(question, text)] if question.is_required else []
    if question.kind in SCALE_KINDS:
        numbers = [SelectChoice(str(number), str(number)) for number in range(LOWEST, HIGHEST + 1)]
        choices = [*numbers, SelectChoice(DONT_KNOW, _("Vet ej / ingen åsikt"))]
        return ScaleField(text, validators, choices=choices)
    if question.kind is QuestionKind.TEXT:
        return WordsField(text, [*validators, at_most(LONGEST_TEXT)])
    kind = ChoiceField if question.kind is QuestionKind.CHOICE else ChoicesField
    options = [
        SelectChoice(str(place), option.get(lang) or option["sv"]) for place, option in enumerate(question.options)
    ]
    return kind(text, validators, choices=options)


def _needed(question: SurveyQuestion, text: str) -> Any:
    named = text if len(text) <= _LONGEST_NAMED else text[:_LONGEST_NAMED].rsplit(" ", 1)[0] + "\N{HORIZONTAL ELLIPSIS}"

    def check(_form: Any, field: Field) -> None:
        if not field.data:
            raise ValidationError(_lacking(question.kind, named))

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def _lacking(kind: QuestionKind, question: str) -> str:
    if kind in SCALE_KINDS:
        return str(_("Välj ett tal eller ”vet ej”: %(question)s", question=question))
    if kind is QuestionKind.TEXT:
        return str(_("Skriv ett svar: %(question)s", question=question))
    return str(_("Välj ett svar: %(question)s", question=question))
