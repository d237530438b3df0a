"""The form in which a statement is written: a field for each part, and when it was assessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from eventsys.clock import local, now
from eventsys.fields import DayField, TextField, given
from eventsys.forms import Form, at_most
from eventsys.statements import LONGEST_PART, PARTS, StatementKind, Version

_NAMELESS = {"about": "Inledning", "words": "Texten vid knappen"}


class StatementForm(Form):
    """The parts come with the kind (form_of)."""

    assessed_on = DayField("Bedömd den", validators=[given("Skriv dagen då ni senast jämförde texten med hur det är.")])
    seen = HiddenField()

    def validate_assessed_on(self, field: DayField) -> None:
        if field.data is not None and field.data > local(now()).date():
            raise ValidationError("Dagen har inte varit än. Skriv den dag då ni senast jämförde.")

    @property
    def parts(self) -> dict[str, str]:
        """What was written, by the part's key."""
        return {name.removeprefix("part_"): self[name].data or "" for name in self._fields if name.startswith("part_")}

    def refuse_parts(self, errors: Mapping[str, str]) -> None:
        """Say at each part what is missing in it."""
        for key, text in errors.items():
            self[f"part_{key}"].errors = [text]


def form_of(kind: StatementKind, lang: str, **given_data: Any) -> StatementForm:
    """The form of this kind, with the headings of the language as labels."""
    fields = {f"part_{part.key}": _field(part.heading(lang), part.key, part.demanded) for part in PARTS[kind]}
    made: type[StatementForm] = type("StatementFormOfKind", (StatementForm,), fields)
    return made(**given_data)


def _field(heading: str, key: str, demanded: str) -> TextField:
    longest = 600 if key == "words" else LONGEST_PART
    field = TextField(heading or _NAMELESS[key], validators=[at_most(longest)], description=demanded)
    return field


def filled_in(version: Version) -> StatementForm:
    """The form as it stands when the page is opened."""
    values = {f"part_{key}": text for key, text in version.parts.items()}
    return form_of(
        version.kind, version.lang, formdata=None,
        data={**values, "assessed_on": version.assessed_on, "seen": version.label},
    )  # fmt: skip
