"""Doors: the page that management reads, on paper and as files."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.followup.papers import FILES, note_export, report_file, report_name, report_paper
from eventsys.followup.periods import has_ended
from eventsys.followup.queries import settlements_of
from eventsys.followup.reports import report_of
from eventsys.followup.staff.doors import HALF, READERS, YEAR, doors, year_page
from eventsys.sheets import MIME, FileKind
from eventsys.staff.guards import staff_only

PATH = f"/<{YEAR}:year>/<{HALF}:half>"


@doors.get(PATH)
@staff_only(*READERS)
def show_report(year: int, half: int) -> ResponseReturnValue:
    report = report_of(year, half, now())
    return year_page(
        "report", year, str(half), report=report, half=half, is_over=has_ended(year, half, now()),
        earlier=[one for one in settlements_of(year, half) if one.reopened_at],
    )  # fmt: skip


@doors.get(f"{PATH}/rapport.pdf")
@staff_only(*READERS)
def show_report_paper(year: int, half: int) -> ResponseReturnValue:
    """The report on paper; that it was taken out is recorded."""
    report = report_of(year, half, now())
    try:
        paper = report_paper(report, now())
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Be den som sköter servern att köra eventsys check.", "warn")
        return redirect(url_for("followup_staff.show_report", year=year, half=half))
    with transaction():
        note_export(report, "pdf")
    return download(paper, "application/pdf", f"{report_name(report)}.pdf")


@doors.get(f"{PATH}/<document>.xlsx")
@staff_only(*READERS)
def show_report_file(year: int, half: int, document: str) -> ResponseReturnValue:
    """`verksamhetsberattelse` has every goal, `stratsys` those marked with *; that it was taken out is recorded."""
    if document not in FILES:
        abort(404)
    report = report_of(year, half, now())
    content = report_file(report, document)
    with transaction():
        note_export(report, document)
    return download(content, MIME[FileKind.XLSX], f"{report_name(report)}-{document}.xlsx")
