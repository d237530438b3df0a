"""Doors: the results of one survey as files."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.events.access import PLANNERS
from eventsys.sheets import MIME, FileKind
from eventsys.staff.guards import staff_only
from eventsys.surveys.results.exporting import TooFewToExport, What, note_export, result_file
from eventsys.surveys.results.figures import result_of
from eventsys.surveys.staff.doors import doors
from eventsys.surveys.staff.reach import survey_for
from eventsys.surveys.staff.results import PATH


@doors.get(f"{PATH}/<what>.<kind>")
@staff_only(*PLANNERS)
def show_result_file(event_id: int, what: str, kind: str) -> ResponseReturnValue:
    """Answers, figures or texts as .xlsx or .csv; that they were taken out is recorded."""
    if what not in set(What) or kind not in set(FileKind):
        abort(404)
    _, survey = survey_for(event_id)
    try:
        file = result_file(result_of(survey), What(what), FileKind(kind))
    except TooFewToExport as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for("surveys_staff.show_results", event_id=event_id))
    with transaction():
        note_export(survey, what, kind, file.rows)
    return download(file.content, MIME[FileKind(kind)], file.name)
