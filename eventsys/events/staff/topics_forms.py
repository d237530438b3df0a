"""Forms of the pages about what to bring up, and about themes."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice

from eventsys.events.models import Event
from eventsys.events.topics.models import Theme
from eventsys.fields import SUMMARY
from eventsys.forms import Form, LineField, at_most, required
from eventsys.i18n import moment

HEARD_AT = 160


class PointForm(Form):
    text = LineField(
        "Vad ska tas upp?",
        [required("Skriv vad som ska tas upp."), at_most(SUMMARY)],
        description="En mening, så som den kan sägas. Till exempel Upphandlingen av städtjänster öppnar i mars.",
    )


class ThemeForm(Form):
    text = LineField(
        "Tema",
        [required("Skriv temat i en mening."), at_most(SUMMARY)],
        description="Det företagen vill höra mer om, till exempel Hitta personal när konkurrensen är hård.",
    )
    heard_at = LineField(
        "Var hörde du det?", [at_most(HEARD_AT)], description="Till exempel Besök hos Väveriet i Viskafors."
    )


class TakeUpForm(Form):
    """At which of the series' coming events a theme is taken up."""

    event = SelectField("Evenemang", coerce=int, validators=[required("Välj ett evenemang.")])


def take_up_form(events: Sequence[Event]) -> TakeUpForm:
    form = TakeUpForm()
    form.event.choices = [SelectChoice(event.id, f"{event.title}, {moment(event.starts_at)}") for event in events]
    return form


class SuggestedThemesForm(Form):
    """Themes of the series that a new event takes up."""

    themes = SelectMultipleField(
        "Teman att ta upp",
        coerce=int,
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )


def suggested_themes_form(themes: Sequence[Theme]) -> SuggestedThemesForm:
    form = SuggestedThemesForm()
    form.themes.choices = [SelectChoice(theme.id, _with_origin(theme)) for theme in themes]
    return form


def _with_origin(theme: Theme) -> str:
    return f"{theme.text} ({theme.heard_at})" if theme.heard_at else theme.text
