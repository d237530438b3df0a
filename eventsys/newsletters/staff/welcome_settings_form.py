"""The form of the welcome letters' settings."""

from __future__ import annotations

from sqlalchemy import select
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from eventsys.database import db
from eventsys.events.models import Series
from eventsys.events.queries import in_order
from eventsys.fields import DayField, RowField
from eventsys.forms import Form
from eventsys.newsletters.printing.envelopes import Box
from eventsys.newsletters.staff.sending_forms import NumberField, between
from eventsys.newsletters.welcome.envelopes import BadWindow, window_of
from eventsys.newsletters.welcome.models import Folding, WelcomeSettings

MOST_MONTHS = 60
FOLDINGS = {
    Folding.THIRDS: "I tre delar, till C65 eller E65: första vikningen vid 99 mm",
    Folding.HALF: "På mitten, till C5: vikningen vid 148 mm",
}
_WINDOW = ("window_left", "window_top", "window_width", "window_height")


class WelcomeSettingsForm(Form):
    starts_on = DayField("Företag är nya från och med")
    most_months = NumberField("Månader som ett företag räknas som nytt", [between(1, MOST_MONTHS)])
    series_id = RowField("Serien med träffar för nya företag")
    window_left = NumberField("Från vänster, mm", [between(0, 210)])
    window_top = NumberField("Uppifrån, mm", [between(0, 297)])
    window_width = NumberField("Bredd, mm", [between(0, 210)])
    window_height = NumberField("Höjd, mm", [between(0, 297)])
    folding = RadioField("Så viks brevet", choices=[SelectChoice(key.value, words) for key, words in FOLDINGS.items()])

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self.series_id.choices = [("", "Ingen vald"), *((str(one.id), one.name) for one in _series())]

    def show(self, kept: WelcomeSettings) -> None:
        """Fill the fields from the row."""
        self.starts_on.data, self.most_months.data = kept.starts_on, kept.most_months
        self.series_id.data = str(kept.series_id or "")
        self.folding.data = kept.folding.value
        self.show_window(window_of(kept))

    def show_window(self, window: Box) -> None:
        measures = (window.left, window.top, window.width, window.height)
        for name, measure in zip(_WINDOW, measures, strict=True):
            self[name].data = round(measure)

    @property
    def window(self) -> Box:
        return Box(*(self[name].data for name in _WINDOW))

    @property
    def fold(self) -> Folding:
        return Folding(self.folding.data)

    def refuse(self, refusal: BadWindow) -> None:
        """Say at each field what is wrong with it."""
        for name, fault in refusal.faults.items():
            self[name].errors = [*self[name].errors, fault]


def _series() -> list[Series]:
    """All that go on, in Swedish order; whoever sets this may see them all."""
    return in_order(db.session.scalars(select(Series).where(Series.archived_at.is_(None))))
