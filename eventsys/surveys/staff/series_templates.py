"""Doors: the template of a series' surveys, and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import PLANNERS, series_for
from eventsys.events.models import Series
from eventsys.fields import refuse
from eventsys.forms import Form
from eventsys.overwriting import ChangedMeanwhile
from eventsys.staff.guards import signed_in, staff_only
from eventsys.surveys.models import SurveyTemplate
from eventsys.surveys.queries import locked_template, template_of
from eventsys.surveys.questions import missing_of_nki
from eventsys.surveys.settings import survey_settings
from eventsys.surveys.staff import question_pages as pages
from eventsys.surveys.staff.describing import lacks_english, missing_english
from eventsys.surveys.staff.doors import doors
from eventsys.surveys.staff.reach import template_for
from eventsys.surveys.staff.survey_conflicts import Conflict, conflicts_in
from eventsys.surveys.staff.survey_forms import TemplateForm, template_form
from eventsys.surveys.template_editing import NothingToAsk, edit_template, make_template, mark_of_template

HOME = "/serier/<int:series_id>/enkat"
PATH = f"{HOME}/fragor"
ONE = f"{PATH}/<int:template_question_id>"


@doors.get(HOME)
@staff_only(*PLANNERS)
def show_survey_template(series_id: int) -> ResponseReturnValue:
    """What the surveys of the series begin as; without one, what a template is for."""
    series = series_for(signed_in(), series_id)
    template = template_of(series_id)
    if template is None:
        return render_template("surveys/staff/template_none.html", series=series, form=Form())
    return _page(series, template, template_form(template, mark_of_template(template)))


def _page(series: Series, template: SurveyTemplate, form: TemplateForm, conflicts: Sequence[Conflict] = ()) -> str:
    return render_template(
        "surveys/staff/template.html", series=series, template=template, form=form, press=Form(formdata=None),
        conflicts=conflicts, missing=missing_english(template), without_nki=bool(missing_of_nki(template.questions)),
        settings=survey_settings(), lacks_english=lacks_english,
    )  # fmt: skip


@doors.post(HOME)
@staff_only(*PLANNERS)
def submit_survey_template(series_id: int) -> ResponseReturnValue:
    series, template = template_for(series_id)
    form = TemplateForm()
    if not form.validate_on_submit():
        return _page(series, template, form), 422
    try:
        with transaction():
            edit_template(locked_template(series_id), form.values(), form.seen.data, now())
    except ChangedMeanwhile as refusal:
        series, template = template_for(series_id)
        form.seen.data = mark_of_template(template)
        return _page(series, template, form, conflicts_in(refusal.saved, form.values())), 409
    except NothingToAsk as refusal:
        refuse(form, refusal)
        return _page(*template_for(series_id), form), 422
    flash("Mallen är sparad. Enkäter som redan finns ändras inte.", "good")
    return redirect(url_for("surveys_staff.show_survey_template", series_id=series_id))


@doors.post(f"{HOME}/ny")
@staff_only(*PLANNERS)
def submit_new_survey_template(series_id: int) -> ResponseReturnValue:
    series_for(signed_in(), series_id)
    with transaction():
        make_template(series_id, now())
    flash("Mallen är skapad. Se igenom den, och välj sedan om evenemangen ska få sin enkät av sig själva.", "good")
    return redirect(url_for("surveys_staff.show_survey_template", series_id=series_id))


# --- its questions ------------------------------------------------------------------------------------------------


def _place(series_id: int) -> pages.Place:
    series, template = template_for(series_id)
    back = url_for("surveys_staff.show_survey_template", series_id=series_id, _anchor="fragor")
    return pages.Place(template, partial(locked_template, series_id), back, f"Enkätmall: {series.name}")


@doors.get(f"{PATH}/ny")
@staff_only(*PLANNERS)
def show_new_template_question(series_id: int) -> ResponseReturnValue:
    return pages.show_form(_place(series_id), None)


@doors.post(f"{PATH}/ny")
@staff_only(*PLANNERS)
def submit_new_template_question(series_id: int) -> ResponseReturnValue:
    return pages.submit_form(_place(series_id), None)


@doors.get(ONE)
@staff_only(*PLANNERS)
def show_template_question(series_id: int, template_question_id: int) -> ResponseReturnValue:
    return pages.show_form(_place(series_id), template_question_id)


@doors.post(ONE)
@staff_only(*PLANNERS)
def submit_template_question(series_id: int, template_question_id: int) -> ResponseReturnValue:
    return pages.submit_form(_place(series_id), template_question_id)


@doors.post(f"{ONE}/upp")
@staff_only(*PLANNERS)
def submit_template_question_up(series_id: int, template_question_id: int) -> ResponseReturnValue:
    return pages.submit_move(_place(series_id), template_question_id, up=True)


@doors.post(f"{ONE}/ner")
@staff_only(*PLANNERS)
def submit_template_question_down(series_id: int, template_question_id: int) -> ResponseReturnValue:
    return pages.submit_move(_place(series_id), template_question_id, up=False)


@doors.get(f"{ONE}/ta-bort")
@staff_only(*PLANNERS)
def show_template_question_removal(series_id: int, template_question_id: int) -> ResponseReturnValue:
    return pages.show_removal(_place(series_id), template_question_id)


@doors.post(f"{ONE}/ta-bort")
@staff_only(*PLANNERS)
def submit_template_question_removal(series_id: int, template_question_id: int) -> ResponseReturnValue:
    return pages.submit_removal(_place(series_id), template_question_id, "utan-nki" in request.form)


@doors.post(f"{PATH}/nki")
@staff_only(*PLANNERS)
def submit_template_nki(series_id: int) -> ResponseReturnValue:
    """Ask what is missing of the three questions of the index."""
    return pages.submit_nki(_place(series_id))
