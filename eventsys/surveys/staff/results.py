"""Doors: what the answers to one survey say, the report, and the page that everybody may see."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.events.access import PLANNERS, WRITERS, event_for
from eventsys.events.models import Event
from eventsys.forms import Form
from eventsys.staff.guards import signed_in, staff_only
from eventsys.surveys.models import Survey
from eventsys.surveys.queries import survey_of
from eventsys.surveys.results.exporting import option_text
from eventsys.surveys.results.figures import ResultView, counted, result_of
from eventsys.surveys.results.pooling import Change, Trend, change_at, trend_of
from eventsys.surveys.results.publishing import CannotShow, show_publicly, stop_showing
from eventsys.surveys.results.report import note_report, report_name, result_report
from eventsys.surveys.results.texts import text_lists
from eventsys.surveys.settings import survey_settings
from eventsys.surveys.staff.describing import closes
from eventsys.surveys.staff.doors import doors, survey_page
from eventsys.surveys.staff.reach import survey_for

PATH = "/evenemang/<int:event_id>/enkat/resultat"


@doors.get(PATH)
@staff_only(*WRITERS)
def show_results(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    survey = survey_of(event.id)
    if survey is None:
        return survey_page("results_none", event)
    view, trend, change = _results(event, survey)
    return survey_page(
        "results", event, survey=survey, view=view, trend=trend, change=change,
        lists=text_lists(survey, view.came), form=Form(), option_text=option_text,
        closes=closes(survey, survey_settings()),
    )  # fmt: skip


def _results(event: Event, survey: Survey) -> tuple[ResultView, Trend, Change | None]:
    triples = counted(survey)
    trend = trend_of(event.series_id, triples)
    return result_of(survey, triples), trend, change_at(trend, event.id)


@doors.get(f"{PATH}/rapport.pdf")
@staff_only(*WRITERS)
def show_report(event_id: int) -> ResponseReturnValue:
    """The report on paper; that it was taken out is recorded."""
    event, survey = survey_for(event_id)
    view, trend, change = _results(event, survey)
    if not view.parts:
        return _say(event_id, "Rapporten finns när enkäten har stängt.", "warn")
    try:
        paper = result_report(view, trend, change)
    except documents.NoPdf:
        return _say(event_id, "Servern kan inte göra PDF. Be den som sköter servern att köra eventsys check.", "warn")
    with transaction():
        note_report(survey)
    return download(paper, "application/pdf", report_name(survey))


def _say(event_id: int, text: str, kind: str) -> ResponseReturnValue:
    flash(text, kind)
    return redirect(url_for("surveys_staff.show_results", event_id=event_id))


@doors.post(f"{PATH}/visa")
@staff_only(*PLANNERS)
def submit_shown(event_id: int) -> ResponseReturnValue:
    """Show the results to everybody."""
    _, survey = survey_for(event_id)
    try:
        with transaction():
            show_publicly(survey.id, now())
    except CannotShow as refusal:
        return _say(event_id, str(refusal), "warn")
    return _say(event_id, "Resultatet visas för alla, med en länk från evenemangets sida.", "good")


@doors.post(f"{PATH}/sluta-visa")
@staff_only(*PLANNERS)
def submit_not_shown(event_id: int) -> ResponseReturnValue:
    _, survey = survey_for(event_id)
    with transaction():
        stop_showing(survey.id)
    return _say(event_id, "Resultatet visas inte längre för alla.", "good")
