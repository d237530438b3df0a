"""The form of a rule."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsys.clock import local, now
from eventsys.fields import DayField, NumberField, between
from eventsys.forms import Form, LineField, at_most
from eventsys.privacy.retention.rules import Ruling
from eventsys.retention import Force, Interval, RetentionRule, Unit

LONGEST = 1200


class RuleForm(Form):
    number = NumberField("Hur länge", validators=[between(0, LONGEST)])
    unit = RadioField(
        "Räknat i",
        choices=[SelectChoice(Unit.MONTHS.value, "månader"), SelectChoice(Unit.DAYS.value, "dagar")],
        default=Unit.MONTHS.value,
    )
    reference = LineField("Gallringsbeslutets beteckning", validators=[at_most(120)])
    decided_on = DayField("Beslutat den")

    def validate_number(self, field: NumberField) -> None:
        if field.data == 0 and self.unit.data == Unit.MONTHS.value:
            raise ValidationError("Skriv minst 1 månad. Ska uppgifterna bort dagen efter, välj 0 dagar.")

    def validate_decided_on(self, field: DayField) -> None:
        if field.data is not None and field.data > local(now()).date():
            raise ValidationError("Beslutet kan inte ha en dag som inte varit än.")
        if bool(self.reference.data) and field.data is None and not field.process_errors:
            raise ValidationError("Skriv dagen då beslutet fattades.")

    def validate_reference(self, field: LineField) -> None:
        if self.decided_on.data is not None and not field.data:
            raise ValidationError("Skriv beslutets beteckning, eller töm dagen. Utan beteckning gallras inget.")

    @property
    def ruling(self) -> Ruling:
        return Ruling(Interval(self.number.data, Unit(self.unit.data)), self.reference.data, self.decided_on.data)


def filled_in(rule: RetentionRule | None, force: Force | None) -> RuleForm:
    """The form as the page opens: the rule, or the default, or nothing."""
    if rule is not None:
        values = {"number": rule.number, "unit": rule.unit.value, "reference": rule.reference}
        return RuleForm(formdata=None, data={**values, "decided_on": rule.decided_on})
    if force is not None:
        return RuleForm(formdata=None, data={"number": force.interval.number, "unit": force.interval.unit.value})
    return RuleForm(formdata=None)
