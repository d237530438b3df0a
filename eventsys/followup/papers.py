"""The report as files: on A4, and as tables for verksamhetsberättelsen and for Stratsys. No figure without its base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from eventsys import audit, documents
from eventsys.followup import words
from eventsys.followup.reports import Report, ReportLine
from eventsys.i18n import moment, number
from eventsys.sheets import Cell, xlsx

YEARLY_COLUMNS = (
    "Fokusområde", "Mål", "Målvärde", "Enhet", "Utfall", "Visas som", "Underlag", "Bedömning", "Kommentar", "Stratsys",
)  # fmt: skip
STRATSYS_COLUMNS = (
    "Nyckeltal", "År", "Period", "Utfall", "Visas som", "Enhet", "Målvärde", "Bedömning", "Kommentar", "Underlag",
)  # fmt: skip


def report_paper(report: Report, at: datetime) -> bytes:
    """PDF/UA-1. Raises documents.NoPdf."""
    return documents.pdf("followup/report_pdf.html", report=report, words=words, target_of=target_words, at=at)


def report_file(report: Report, document: str) -> bytes:
    """The bytes of an .xlsx; `document` is one of FILES."""
    columns, row, title = FILES[document]
    lines = report.for_stratsys() if document == "stratsys" else report.lines
    about = f"Uppföljning {words.HALVES[report.half].lower()} {report.year}, siffror för {report.period.words}."
    return xlsx(columns, [row(report, line) for line in lines], title, above=(about, standing(report)))


def report_name(report: Report) -> str:
    return f"uppfoljning-{report.year}-{report.half}"


def standing(report: Report) -> str:
    """Whether the figures stand fast, in a sentence."""
    if report.settlement is None:
        return "Inte fastställd: siffrorna kan ändras."
    return f"Fastställd {moment(report.settlement.settled_at)} av {report.settlement.settled_by}."


def target_words(line: ReportLine) -> str:
    """`minst 75`; empty without a target."""
    return "" if line.target is None else f"{words.DIRECTIONS[line.direction]} {number(line.target)}"


def note_export(report: Report, document: str) -> None:
    """Note in the audit trail that the report was taken out. Does not flush."""
    audit.record("report.exported", "report:", year=report.year, half=report.half, what=document)


def _yearly(_report: Report, line: ReportLine) -> Sequence[Cell]:
    return (
        line.focus_area, line.name, target_words(line), line.unit, _outcome(line), line.shown, line.base, _light(line),
        line.comment, "*" if line.to_stratsys else "",
    )  # fmt: skip


def _stratsys(report: Report, line: ReportLine) -> Sequence[Cell]:
    return (
        line.name, report.year, words.HALVES[report.half], _outcome(line), line.shown, line.unit, target_words(line),
        _light(line), line.comment, line.base,
    )  # fmt: skip


def _outcome(line: ReportLine) -> Cell:
    """A number that can be reckoned with where there is one; else as it is shown."""
    if line.value is None:
        return line.shown
    return int(line.value) if line.value == int(line.value) else number(line.value)


def _light(line: ReportLine) -> str:
    return words.LIGHTS[line.light][1] if line.light else words.NOT_JUDGED[1]


FILES: dict[str, tuple[tuple[str, ...], Callable[[Report, ReportLine], Sequence[Cell]], str]] = {
    "verksamhetsberattelse": (YEARLY_COLUMNS, _yearly, "Uppföljning"),
    "stratsys": (STRATSYS_COLUMNS, _stratsys, "Stratsys"),
}
