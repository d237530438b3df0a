"""The fields about letters by the clock, which series and events have in common."""

from __future__ import annotations

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice

from eventsys.events.models import DayBefore
from eventsys.forms import Form

REMINDERS = ("remind_week", "day_before", "says_thanks")


class RemindersForm(Form):
    """What the clock sends before and after an event."""

    remind_week = BooleanField("Påminnelse en vecka före")
    day_before = RadioField(
        "Dagen före",
        choices=[
            SelectChoice(DayBefore.NOTHING, "Ingenting"),
            SelectChoice(DayBefore.REMIND, "En påminnelse"),
            SelectChoice(DayBefore.ASK, "Fråga om de kommer"),
        ],
        coerce=DayBefore,
        default=DayBefore.NOTHING,
    )
    says_thanks = BooleanField("Tacka dem som kom och skriv en rad till dem som uteblev")
