"""The form of a segment: what it begins with, and the rules that narrow it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventsys.database import db
from eventsys.events.models import Series
from eventsys.fields import DayField
from eventsys.forms import Form, LineField, at_most, required
from eventsys.newsletters.audience.keys import bases
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.subscriptions.models import SignUpCode, Way
from eventsys.newsletters.words import WAYS

MOST_PLACES, LONGEST_PLACE = 30, 80


class TicksField(SelectMultipleField):
    """Several of a few, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SegmentForm(Form):
    """What is left empty does not narrow."""

    name = LineField("Namn", [required("Skriv ett namn som kollegorna förstår."), at_most(120)])
    base = SelectField("Utgå från")
    ways = TicksField("Kom till listan genom", choices=[SelectChoice(way.value, WAYS[way]) for way in Way])
    codes = TicksField("Kom genom QR-koden")
    since = DayField("Prenumererar sedan, tidigast")
    places = LineField("Orter eller postnummer", [at_most(600)])
    company = LineField("Företagets eller organisationens namn innehåller", [at_most(100)])
    series = SelectField("Har deltagit i", default="")
    attended_since = DayField("Deltog tidigast")
    with_company = BooleanField("Bara de som hör till ett företag i registret")

    def offer(self, segment: Segment | None = None) -> None:
        """Give the choices as they are now; a base or series that the segment has stays among them."""
        known = bases()
        if segment is not None:
            known.setdefault(segment.base, "Listan som urvalet har (tom nu)")
        self.base.choices = [SelectChoice(key, name) for key, name in known.items()]
        codes = db.session.execute(select(SignUpCode.id, SignUpCode.name).order_by(SignUpCode.name, SignUpCode.id))
        self.codes.choices = [SelectChoice(str(row.id), row.name) for row in codes]
        series = db.session.execute(select(Series.id, Series.name).order_by(Series.name, Series.id))
        found = [SelectChoice(str(row.id), row.name) for row in series]
        self.series.choices = [SelectChoice("", "Alla, oavsett evenemang"), *found]

    def show(self, segment: Segment) -> None:
        """Fill in what the segment is."""
        rules = Rules.from_json(segment.rules)
        self.name.data, self.base.data = segment.name, segment.base
        self.ways.data, self.codes.data = [way.value for way in rules.ways], [str(one) for one in rules.codes]
        self.since.process_data(rules.since)
        self.attended_since.process_data(rules.attended_since)
        self.places.data, self.company.data = ", ".join(rules.places), rules.name
        self.series.data = str(rules.series_id) if rules.series_id else ""
        self.with_company.data = rules.with_company

    def validate_places(self, _field: Any) -> None:
        if len(self._places) > MOST_PLACES or any(len(one) > LONGEST_PLACE for one in self._places):
            raise ValidationError(f"Skriv högst {MOST_PLACES} orter eller postnummer med komma mellan.")

    def validate_attended_since(self, field: Any) -> None:
        if field.data and not self.series.data:
            raise ValidationError("Välj också vilken serie de har deltagit i.")

    @property
    def _places(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in (self.places.data or "").split(",") if one.strip())

    @property
    def rules(self) -> Rules:
        return Rules(
            ways=tuple(Way(one) for one in self.ways.data or ()),
            codes=tuple(int(one) for one in self.codes.data or ()),
            since=self.since.data,
            places=self._places,
            series_id=int(self.series.data) if self.series.data else None,
            attended_since=self.attended_since.data,
            name=self.company.data or "",
            with_company=bool(self.with_company.data),
        )
