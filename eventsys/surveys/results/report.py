"""The results of one survey on A4: tagged, in our fonts, every chart with its numbers beside it."""

from __future__ import annotations

from eventsys import audit, documents
from eventsys.surveys import words
from eventsys.surveys.models import Survey
from eventsys.surveys.results.exporting import EXPORTED, option_text
from eventsys.surveys.results.figures import ResultView
from eventsys.surveys.results.pooling import Change, Trend


def result_report(view: ResultView, trend: Trend, change: Change | None) -> bytes:
    """The report as PDF/UA-1, with what the page shows and no free texts. Raises documents.NoPdf."""
    return documents.pdf(
        "surveys/results_pdf.html", view=view, event=view.survey.event, trend=trend, change=change,
        option_text=option_text, survey_words=words,
    )  # fmt: skip


def report_name(survey: Survey) -> str:
    return f"enkat-{survey.event.slug}.pdf"


def note_report(survey: Survey) -> None:
    """Note in the audit trail that the report was taken out. Does not flush."""
    audit.record(EXPORTED, f"survey:{survey.id}", what="rapport", file="pdf")
