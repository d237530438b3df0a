"""Doors: all surveys, with the sums by series and by tertial."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.events.access import WRITERS, series_open_to, within_reach
from eventsys.forms import Form
from eventsys.sheets import MIME, FileKind
from eventsys.staff.guards import signed_in, staff_only
from eventsys.surveys.results.overview import (
    Overview,
    note_overview_export,
    overview,
    overview_file,
    years_with_surveys,
)
from eventsys.surveys.settings import survey_settings
from eventsys.surveys.staff.doors import doors


class FilterForm(Form):
    """Sent by GET; fields are named as the address names them."""

    serie = SelectField("Serie", default="", validate_choice=False)
    ar = SelectField("År", default="", validate_choice=False)

    @property
    def args(self) -> dict[str, str]:
        """What the address holds, only what is known."""
        return {field.name: field.data for field in (self.serie, self.ar) if field.data in _values(field) - {""}}

    def number(self, name: str) -> int | None:
        return int(self.args[name]) if name in self.args else None


def _values(field: SelectField) -> set[str]:
    return {choice.value for choice in field.choices}


def _form() -> FilterForm:
    form = FilterForm(request.args, meta={"csrf": False})
    series = series_open_to(signed_in(), archived=True)
    form.serie.choices = [SelectChoice("", "Alla serier"), *(SelectChoice(str(one.id), one.name) for one in series)]
    years = [str(year) for year in years_with_surveys()]
    form.ar.choices = [SelectChoice("", "Alla år"), *(SelectChoice(year, year) for year in years)]
    return form


def _wanted(form: FilterForm) -> Overview:
    return overview(within_reach(signed_in(), now()), form.number("serie"), form.number("ar"))


@doors.get("/enkater")
@staff_only(*WRITERS)
def show_surveys() -> ResponseReturnValue:
    form = _form()
    return render_template(
        "surveys/staff/surveys.html", form=form, found=_wanted(form), args=form.args, settings=survey_settings()
    )


@doors.get("/enkater/lista.<kind>")
@staff_only(*WRITERS)
def show_surveys_file(kind: str) -> ResponseReturnValue:
    """Exactly the events that the filter shows; that they were taken out is recorded."""
    if kind not in set(FileKind):
        abort(404)
    results = _wanted(_form()).results
    content = overview_file(results, FileKind(kind))
    with transaction():
        note_overview_export(len(results), kind)
    return download(content, MIME[FileKind(kind)], f"enkater-{local(now()).date()}.{kind}")
