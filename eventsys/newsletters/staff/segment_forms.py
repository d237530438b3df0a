"""The form of a segment: what it begins with, and the rules that narrow it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventsys.companies import words as company_words
from eventsys.companies.models import CompanyKind, Tag
from eventsys.companies.towns import towns
from eventsys.database import db
from eventsys.events.models import Series
from eventsys.fields import DayField, NumberField
from eventsys.folding import fold
from eventsys.forms import Form, LineField, at_most, required
from eventsys.newsletters.audience.keys import bases
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.subscriptions.models import SignUpCode, Way
from eventsys.newsletters.words import WAYS

MOST_PLACES, LONGEST_PLACE, MOST_CODES = 30, 80, 30
LARGEST = 1_000_000
ANY_EVENT = "alla"
_CODE = re.compile(r"[0-9]{2,5}", re.ASCII)


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
    towns = TicksField("Finns i")
    places = LineField("Andra orter, eller postnummer", [at_most(600)])
    company = LineField("Företagets eller organisationens namn innehåller", [at_most(100)])
    kinds = TicksField("Typ", choices=[SelectChoice(kind.value, company_words.KINDS[kind]) for kind in CompanyKind])
    tags = TicksField("Har någon av etiketterna")
    sni = LineField("SNI-koder", [at_most(200)])
    sni_version = SelectField(
        "Koderna är",
        choices=[
            SelectChoice("", "SNI 2007 eller 2025"),
            *(SelectChoice(one, f"SNI {one}") for one in ("2025", "2007")),
        ],
        default="",
    )
    least = NumberField("Anställda, minst")
    most = NumberField("Anställda, högst")
    unknown_size = BooleanField("Ta med företag där vi inte vet hur många de är")
    registered_since = DayField("Registrerat tidigast")
    registered_until = DayField("Registrerat senast")
    in_business = BooleanField("Bara verksamma företag, inte avregistrerade eller i konkurs")
    series = SelectField("Har deltagit i", default="")
    attended_since = DayField("Deltog tidigast")
    not_attended_since = DayField("Har inte deltagit sedan")
    visited_since = DayField("Har fått besök av oss sedan")
    not_visited_since = DayField("Har inte fått besök av oss sedan")
    with_company = BooleanField("Bara de som hör till ett företag i registret")

    def offer(self, segment: Segment | None = None) -> None:
        """Give the choices as they are now; what the segment has stays among them."""
        rules = Rules.from_json(segment.rules) if segment else Rules()
        known = bases()
        if segment is not None:
            known.setdefault(segment.base, "Listan som urvalet har (tom nu)")
        self.base.choices = [SelectChoice(key, name) for key, name in known.items()]
        self.codes.choices = _rows(SignUpCode.id, SignUpCode.name, SignUpCode.name)
        self.towns.choices = [SelectChoice(town, town) for town in towns()]
        self.tags.choices = _with_gone(_rows(Tag.id, Tag.name, Tag.key), rules.tags)
        any_event = [SelectChoice("", "Alla, oavsett evenemang"), SelectChoice(ANY_EVENT, "Vilket evenemang som helst")]
        self.series.choices = [*any_event, *_rows(Series.id, Series.name, Series.name)]

    def show(self, segment: Segment) -> None:
        """Fill in what the segment is; `offer` comes first."""
        rules = Rules.from_json(segment.rules)
        self.name.data, self.base.data = segment.name, segment.base
        self.ways.data, self.codes.data = [way.value for way in rules.ways], [str(one) for one in rules.codes]
        self.company.data, self.with_company.data = rules.name, rules.with_company
        self._show_places(rules.places)
        self._show_company(rules)
        self._show_events(rules)
        for field, day in self._days(rules):
            field.process_data(day)

    def _show_places(self, places: Sequence[str]) -> None:
        known = {fold(choice.value): choice.value for choice in self.towns.choices or ()}
        self.towns.data = [known[fold(place)] for place in places if fold(place) in known]
        self.places.data = ", ".join(place for place in places if fold(place) not in known)

    def _show_company(self, rules: Rules) -> None:
        self.kinds.data, self.tags.data = [kind.value for kind in rules.kinds], [str(one) for one in rules.tags]
        self.sni.data, self.sni_version.data = ", ".join(rules.sni), rules.sni_version
        self.least.data, self.most.data, self.unknown_size.data = rules.least, rules.most, rules.unknown_size
        self.in_business.data = rules.in_business

    def _show_events(self, rules: Rules) -> None:
        self.series.data = ANY_EVENT if rules.any_event else str(rules.series_id or "")

    def _days(self, rules: Rules) -> list[tuple[DayField, Any]]:
        return [
            (self.since, rules.since),
            (self.attended_since, rules.attended_since),
            (self.not_attended_since, rules.not_attended_since),
            (self.registered_since, rules.registered_since),
            (self.registered_until, rules.registered_until),
            (self.visited_since, rules.visited_since),
            (self.not_visited_since, rules.not_visited_since),
        ]

    # --- what must fit together

    def validate_places(self, _field: Any) -> None:
        if len(self._typed) > MOST_PLACES or any(len(one) > LONGEST_PLACE for one in self._typed):
            raise ValidationError(f"Skriv högst {MOST_PLACES} orter eller postnummer med komma mellan.")

    def validate_sni(self, _field: Any) -> None:
        if len(self._branches) > MOST_CODES or not all(_CODE.fullmatch(one) for one in self._branches):
            raise ValidationError("Skriv koder med två till fem siffror och komma mellan, till exempel 13, 47.51.")

    def validate_least(self, field: Any) -> None:
        _check_number(field)

    def validate_most(self, field: Any) -> None:
        _check_number(field)
        if field.data is not None and self.least.data is not None and field.data < self.least.data:
            raise ValidationError("Skriv ett antal som är minst lika stort som det minsta.")

    def validate_registered_until(self, field: Any) -> None:
        if field.data and self.registered_since.data and field.data < self.registered_since.data:
            raise ValidationError("Välj en dag som inte ligger före den tidigaste.")

    def validate_attended_since(self, field: Any) -> None:
        if field.data and not self.series.data:
            raise ValidationError("Välj också vad de har deltagit i.")

    @property
    def _typed(self) -> tuple[str, ...]:
        return _split(self.places.data)

    @property
    def _branches(self) -> tuple[str, ...]:
        return tuple(one.replace(".", "").replace(" ", "") for one in _split(self.sni.data))

    @property
    def rules(self) -> Rules:
        return Rules(
            ways=tuple(Way(one) for one in self.ways.data or ()),
            codes=_ids(self.codes),
            since=self.since.data,
            places=tuple(dict.fromkeys((*(self.towns.data or ()), *self._typed))),
            series_id=int(self.series.data) if self.series.data not in ("", ANY_EVENT) else None,
            any_event=self.series.data == ANY_EVENT,
            attended_since=self.attended_since.data,
            not_attended_since=self.not_attended_since.data,
            name=self.company.data or "",
            with_company=bool(self.with_company.data),
            kinds=tuple(CompanyKind(one) for one in self.kinds.data or ()),
            sni=self._branches,
            sni_version=self.sni_version.data if self._branches else "",
            tags=_ids(self.tags),
            least=self.least.data,
            most=self.most.data,
            unknown_size=bool(self.unknown_size.data) and (self.least.data, self.most.data) != (None, None),
            registered_since=self.registered_since.data,
            registered_until=self.registered_until.data,
            in_business=bool(self.in_business.data),
            visited_since=self.visited_since.data,
            not_visited_since=self.not_visited_since.data,
        )


def _rows(number: Any, name: Any, order: Any) -> list[SelectChoice]:
    rows = db.session.execute(select(number, name).order_by(order, number))
    return [SelectChoice(str(row[0]), row[1]) for row in rows]


def _with_gone(choices: list[SelectChoice], kept: Sequence[int]) -> list[SelectChoice]:
    """A tag that is deleted is shown, so that somebody can take it away instead of silently widening the segment."""
    known = {choice.value for choice in choices}
    gone = [str(one) for one in kept if str(one) not in known]
    return [*choices, *(SelectChoice(one, "En etikett som är borttagen") for one in gone)]


def _check_number(field: Any) -> None:
    if field.data is not None and not 0 <= field.data <= LARGEST:
        raise ValidationError("Skriv ett antal från 0 och uppåt, eller lämna tomt.")


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (text or "").split(",") if one.strip())


def _ids(field: TicksField) -> tuple[int, ...]:
    return tuple(int(one) for one in field.data or ())
