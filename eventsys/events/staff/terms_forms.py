"""The form of a term: the rule that gives its dates, and a row for each date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, Field, SelectField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from eventsys.clock import local
from eventsys.events.models import Event, Series
from eventsys.events.terms.dates import MOST, Pattern, Rhythm, next_term
from eventsys.events.terms.drafting import Hours, Planned
from eventsys.events.topics.models import Theme
from eventsys.fields import LINE, TITLE, ClockField, DayField, NumberField, given
from eventsys.forms import Form, LineField, at_most

WEEKDAYS = ("Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag", "Lördag", "Söndag")
RHYTHMS = {
    Rhythm.WEEKLY: "Varje vecka",
    Rhythm.FORTNIGHTLY: "Varannan vecka",
    Rhythm.FIRST: "Första i månaden",
    Rhythm.SECOND: "Andra i månaden",
    Rhythm.THIRD: "Tredje i månaden",
    Rhythm.FOURTH: "Fjärde i månaden",
    Rhythm.LAST: "Sista i månaden",
}
FRIDAY = 4
MOST_WEEKS_BEFORE = 26


class TermForm(Form):
    """Which dates, which hours, and when registration opens."""

    weekday = SelectField(
        "Veckodag", coerce=int, choices=[SelectChoice(number, name) for number, name in enumerate(WEEKDAYS)]
    )
    rhythm = SelectField("Hur ofta", choices=[SelectChoice(one.value, text) for one, text in RHYTHMS.items()])
    first = DayField("Från och med", [given("Välj från vilken dag.")])
    last = DayField("Till och med")
    times = NumberField("eller antal gånger", [Optional()])
    starts = ClockField("Börjar", [given("Skriv när det börjar.")])
    ends = ClockField("Slutar", [given("Skriv när det slutar.")])
    opens_weeks_before = NumberField(
        "Anmälan öppnar så många veckor före",
        [Optional()],
        description="Kl. 8.00 samma veckodag. Lämna tomt för att öppna när du publicerar.",
    )

    def validate_last(self, field: Field) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError("Sista dagen kan inte vara före den första.")
        if not field.data and not self.times.data and not field.process_errors and not self.times.process_errors:
            raise ValidationError("Skriv till vilken dag, eller hur många gånger.")

    def validate_times(self, field: Field) -> None:
        if field.data is not None and not 1 <= field.data <= MOST:
            raise ValidationError(f"Skriv ett antal mellan 1 och {MOST}.")

    def validate_ends(self, field: Field) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError("Sluttiden måste vara efter starttiden.")

    def validate_opens_weeks_before(self, field: Field) -> None:
        if field.data is not None and not 0 < field.data <= MOST_WEEKS_BEFORE:
            raise ValidationError(f"Skriv ett antal veckor mellan 1 och {MOST_WEEKS_BEFORE}.")

    @property
    def pattern(self) -> Pattern:
        return Pattern(self.weekday.data, Rhythm(self.rhythm.data), self.first.data, self.last.data, self.times.data)

    @property
    def hours(self) -> Hours:
        return Hours(self.starts.data, self.ends.data, self.opens_weeks_before.data)


def term_form(series: Series, latest: Event | None, today: date) -> TermForm:
    """The term ahead, on the weekday and hours of the series' latest event."""
    first, last = next_term(today)
    starts, ends, weekday = time(11, 30), _later(time(11, 30), series.hours), FRIDAY
    if latest is not None:
        begins, stops = local(latest.starts_at), local(latest.ends_at)
        weekday, first = begins.weekday(), max(first, begins.date() + timedelta(days=1))
        starts, ends = begins.time(), stops.time()
        last = max(last, next_term(first)[1])
    rhythm = Rhythm.WEEKLY.value
    return TermForm(
        formdata=None,
        data={"weekday": weekday, "rhythm": rhythm, "first": first, "last": last, "starts": starts, "ends": ends},
    )


def _later(begins: time, hours: int) -> time:
    return (datetime.combine(date.min, begins) + timedelta(hours=min(hours, 12))).time()


# --- a row for each date ------------------------------------------------------------------------------------------


class RowForm(PlainForm):
    """One proposed date. The fields of all rows are named after their dates."""

    take = BooleanField("Ta med")
    title = LineField("Rubrik", [at_most(TITLE)])
    speaker = LineField("Talare", [at_most(LINE)])
    theme = SelectField("Tema", coerce=int, choices=[])

    def planned(self, day: date) -> Planned:
        return Planned(day, self.title.data, self.speaker.data, self.theme.data or None)


@dataclass(frozen=True)
class Row:
    """A date with its fields, what is worth a thought about it, and the event that the series has that day already."""

    day: date
    form: RowForm
    remarks: Sequence[str]
    there: str
    was_shown: bool  # on the page that was sent; a date that nobody has seen is not made into a draft


def was_shown(day: date, sent: Mapping[str, Any]) -> bool:
    return f"{_prefix(day)}title" in sent


def _prefix(day: date) -> str:
    return f"d{day.isoformat()}-"


def themes_sent(sent: Mapping[str, str]) -> list[str]:
    """What was chosen in the rows of a form that was sent."""
    return [value for name, value in sent.items() if name.endswith("-theme")]


def row_form(day: date, sent: Mapping[str, Any], themes: Sequence[Theme], ticked: bool) -> RowForm:
    """The row as it was sent, or fresh when this date was not in what was sent."""
    formdata = sent if was_shown(day, sent) else None
    form = RowForm(formdata=formdata, prefix=_prefix(day), data={"take": ticked, "theme": 0})
    form.theme.choices = [SelectChoice(0, "Inget än"), *(SelectChoice(theme.id, theme.text) for theme in themes)]
    return form
