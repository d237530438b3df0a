"""Forms of sending: when an issue leaves, and the settings of the newsletters."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField
from wtforms.validators import ValidationError

from eventsys.fields import MomentField, TextField
from eventsys.forms import Form, normal_email
from eventsys.newsletters.audience.choosing import is_deliverable
from eventsys.newsletters.sending.scheduling import LONGEST_HOLD

MOST_SEEDS = 30
MOST_NEW = 100_000


class NumberField(IntegerField):
    """A whole number; blanks between thousands are allowed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(["".join(value.split()) for value in valuelist if value.strip()])
        except ValueError as error:
            raise ValueError("Skriv talet med siffror.") from error


def between(least: int, most: int) -> Any:
    """A validator: a number from `least` to `most`."""

    def check(_form: Any, field: Any) -> None:
        if not field.process_errors and (field.data is None or not least <= field.data <= most):
            raise ValidationError(f"Skriv ett tal mellan {least} och {most}.")

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def given(message: str) -> Any:
    """A validator: something readable is given; what could not be read has said so already."""

    def check(_form: Any, field: Any) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError(message)

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


class ScheduleForm(Form):
    """When the issue leaves, and how long the first have it before the others."""

    at = MomentField("Skickas", [given("Välj dag och tid.")])
    hold = NumberField("Minuter mellan de första breven och resten", [between(0, LONGEST_HOLD)])


class HoldForm(Form):
    """The same for an issue that leaves at once."""

    hold = NumberField("Minuter mellan de första breven och resten", [between(0, LONGEST_HOLD)])


class SettingsForm(Form):
    """Seed addresses one a line; how long the others wait; the goal of the year."""

    seeds = TextField("Adresser som får varje nummer först")
    hold_minutes = NumberField("Minuter mellan de första breven och resten", [between(0, LONGEST_HOLD)])
    goal_new = NumberField("Mål för nya prenumeranter per år", [between(0, MOST_NEW)])

    def validate_seeds(self, field: Any) -> None:
        lines = [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        if wrong := [line for line in lines if not _is_address(line)]:
            raise ValidationError(
                f"”{wrong[0][:80]}” är ingen e-postadress. Skriv en adress per rad, som namn@foretag.se."
            )
        if len(lines) > MOST_SEEDS:
            raise ValidationError(f"Det är {len(lines)} adresser. Högst {MOST_SEEDS} får plats, ta bort några.")

    @property
    def addresses(self) -> list[str]:
        return (self.seeds.data or "").split()


def _is_address(text: str) -> bool:
    try:
        return is_deliverable(normal_email(text))
    except ValueError:
        return False
