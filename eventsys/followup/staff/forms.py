"""Forms of the follow-up: strings into plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.events.models import Series
from eventsys.fields import DayField, NumberField, RowField, TextField, given
from eventsys.followup.entries import Written
from eventsys.followup.figures.catalogue import FIGURES
from eventsys.followup.models import ByHand, Direction, Goal, Light
from eventsys.followup.staff.fields import AmountField
from eventsys.followup.words import BY_HAND, DIRECTIONS, LIGHTS
from eventsys.forms import Form, HiddenLineField, LineField, at_most, required

LONGEST_COMMENT = 2000
_FIGURE, _HAND = "figur:", "hand:"


def _choices(words: Mapping[Direction, str], text: str) -> list[tuple[str, str]]:
    return [(one.value, text.format(word)) for one, word in words.items()]


class YearForm(Form):
    year = NumberField("År", [given("Skriv vilket år planen är för.")])


class GoalForm(Form):
    """A goal; where its figure comes from is one choice, which `values` takes apart again."""

    focus_area = LineField("Fokusområde", [required("Skriv vilket fokusområde målet hör till."), at_most(120)])
    name = LineField("Mål", [required("Skriv vad målet heter."), at_most(160)])
    source = SelectField("Varifrån kommer siffran?", [required("Välj varifrån siffran kommer.")], validate_choice=False)
    series_id = RowField("Serie")
    target = AmountField("Målvärde")
    direction = RadioField(
        "Utfallet ska vara", choices=[SelectChoice(one.value, f"{word} målvärdet") for one, word in DIRECTIONS.items()]
    )
    unit = LineField("Enhet", [at_most(40)])
    to_stratsys = BooleanField("Ska in i Stratsys (*)")
    explanation = TextField("Förklaring", [at_most(LONGEST_COMMENT)])
    seen = HiddenLineField()

    def offer(self, series: Sequence[Series]) -> None:
        figures = [SelectChoice(f"{_FIGURE}{one.name}", one.label) for one in FIGURES.values()]
        by_hand = [SelectChoice(f"{_HAND}{kind.value}", label) for kind, label in BY_HAND.items()]
        self.source.choices = [SelectChoice("", "Välj"), *figures, *by_hand]
        if self.source.data not in {choice.value for choice in self.source.choices}:
            self.source.data = ""
        self.series_id.choices = [("", "Alla serier"), *((str(one.id), one.name) for one in series)]

    def values(self) -> dict[str, Any]:
        """Columns of a Goal by name."""
        kind, _, name = (self.source.data or "").partition(":")
        figure = name if f"{kind}:" == _FIGURE else ""
        unit = self.unit.data or (FIGURES[figure].unit if figure in FIGURES else "")
        return {
            "focus_area": self.focus_area.data, "name": self.name.data, "unit": unit, "target": self.target.data,
            "direction": Direction(self.direction.data), "figure": figure, "series_id": self.series_id.id_chosen,
            "by_hand": ByHand(name) if f"{kind}:" == _HAND and name else None,
            "to_stratsys": bool(self.to_stratsys.data), "explanation": self.explanation.data,
        }  # fmt: skip


def goal_data(goal: Goal) -> dict[str, Any]:
    """What a GoalForm shows of a goal."""
    source = f"{_FIGURE}{goal.figure}" if goal.figure else f"{_HAND}{goal.by_hand.value if goal.by_hand else ''}"
    plain = ("focus_area", "name", "unit", "target", "to_stratsys", "explanation")
    return {
        **{name: getattr(goal, name) for name in plain},
        "source": source, "direction": goal.direction.value, "series_id": str(goal.series_id or ""),
    }  # fmt: skip


class EntryForm(Form):
    """A figure written down by hand."""

    day = DayField("Dag", [given("Välj vilken dag siffran gäller.")])
    amount = AmountField("Tal")
    words = LineField("Utfall i ord", [at_most(80)])
    note = LineField("Anteckning", [at_most(300)])

    def written(self) -> Written:
        return Written(self.day.data, self.amount.data, self.words.data or "", self.note.data or "")


def _one_of_the_lights(_form: Form, field: Field) -> None:
    if field.data not in set(Light):
        raise ValidationError("Välj grönt, gult eller rött.")


_one_of_the_lights.field_flags = {"required": True}  # type: ignore[attr-defined]


class AssessmentForm(Form):
    light = RadioField(
        "Bedömning", [_one_of_the_lights], validate_choice=False,
        choices=[SelectChoice(one.value, word) for one, (_, word) in LIGHTS.items()],
    )  # fmt: skip
    comment = TextField("Kommentar", [at_most(LONGEST_COMMENT)])


class ReopenForm(Form):
    why = LineField("Varför öppnas rapporten igen?", [required("Skriv varför rapporten öppnas igen."), at_most(300)])
