"""Forms of tags, and of the register's settings."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from eventsys.companies.models import Tag
from eventsys.companies.staff.company_forms import TickBoxes
from eventsys.companies.staff.fields import no_personal_number
from eventsys.companies.tagging import LONGEST_TAG
from eventsys.fields import NumberField, between
from eventsys.forms import Form, LineField, at_most, required


class TagForm(Form):
    name = LineField("Etikett", [required("Skriv vad etiketten heter."), at_most(LONGEST_TAG), no_personal_number])


class CompanyTagsForm(Form):
    """The tags of one company, and perhaps a new one."""

    tags = TickBoxes("Etiketter")
    new = LineField("Ny etikett", [at_most(LONGEST_TAG), no_personal_number])

    def offer(self, tags: Sequence[Tag]) -> None:
        self.tags.choices = [SelectChoice(str(tag.id), tag.name) for tag in tags]

    @property
    def chosen(self) -> list[int]:
        return [int(value) for value in self.tags.data or ()]


class SelectionTagForm(Form):
    """The tag that several companies are given or lose."""

    tag = SelectField("Etikett", [required("Välj en etikett.")], validate_choice=False)

    @classmethod
    def with_tags(cls, tags: Sequence[Tag]) -> SelectionTagForm:
        form = cls()
        form.tag.choices = [SelectChoice("", "Välj"), *(SelectChoice(str(tag.id), tag.name) for tag in tags)]
        known = {choice.value for choice in form.tag.choices}
        form.tag.data = form.tag.data if form.tag.data in known else ""
        return form

    @property
    def name(self) -> str:
        return str({choice.value: choice.label for choice in self.tag.choices}[self.tag.data])


class RegisterSettingsForm(Form):
    goal_visits = NumberField("Besök på ett år, mål", [between(1, 10_000)])
