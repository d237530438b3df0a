"""The results as files: a row an answer, the figures as the page shows them, the texts. What is hidden is in none.

A row of an answer holds its numbers and the stretch of days in which it came. Options, sessions and texts are not in
it: who knows what somebody chose, or which session they sat in, must not find their numbers beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from eventsys import audit
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.i18n import number
from eventsys.sheets import Cell, FileKind, sheet
from eventsys.surveys.models import SCALE_KINDS, Asked, QuestionKind, Survey, SurveyAnswer, SurveyResponse, Way
from eventsys.surveys.nki import TOO_FEW, half_up
from eventsys.surveys.results.figures import Part, QuestionResult, ResultView
from eventsys.surveys.results.hiding import Stretch
from eventsys.surveys.results.texts import shown_texts, text_lists
from eventsys.surveys.words import WAYS

EXPORTED = "survey.exported"


class What(StrEnum):
    """What a file holds; the word in its address."""

    ROWS = "svar"
    FIGURES = "siffror"
    TEXTS = "texter"


class TooFewToExport(Refused):
    """Nothing may be shown, so nothing can be taken out."""


@dataclass(frozen=True)
class ResultFile:
    name: str
    content: bytes
    rows: int


Table = tuple[Sequence[str], list[Sequence[Cell]]]


def result_file(view: ResultView, what: What, kind: FileKind) -> ResultFile:
    """A file of the results. Raises TooFewToExport when the survey is open or has fewer answers than figures need."""
    columns, rows = _TABLES[what](view)
    if not rows:
        raise TooFewToExport(
            f"Det finns inget att ta ut. Enkäten ska ha stängt och minst {view.least} ska ha svarat på allt i NKI."
            if what is What.ROWS
            else f"Det finns inget att ta ut. Enkäten ska ha stängt och minst {view.least} ska ha svarat."
        )
    event = view.survey.event
    name = f"enkat-{event.slug}-{what.value}.{kind.value}"
    return ResultFile(name, sheet(kind, columns, rows, what.value.capitalize()), len(rows))


def result_table(view: ResultView, what: What) -> Table:
    """What such a file holds; without rows while the survey is open or has fewer answers than figures need."""
    return _TABLES[what](view)


def note_export(survey: Survey, what: str, kind: str, rows: int) -> None:
    """Note in the audit trail what was taken out. Does not flush."""
    audit.record(EXPORTED, f"survey:{survey.id}", what=what, file=kind, rows=rows)


# --- one row an answer --------------------------------------------------------------------------------------------


def _rows(view: ResultView) -> Table:
    scales = [
        one
        for one in view.survey.questions
        if one.kind in SCALE_KINDS and one.asked is Asked.ATTENDED and one.session_id is None
    ]
    columns = ("Sätt", "Från och med", "Till och med", *(one.text for one in scales))
    ways = [part for part in view.parts.values() if part.nki is not None and not part.nki.is_hidden]
    return columns, [row for part in ways for row in _rows_of(view.survey, part)]


def _rows_of(survey: Survey, part: Part) -> list[Sequence[Cell]]:
    """In the order of their numbers, which tells nothing of when they came."""
    questions = [one for one in part.questions if one.question.kind in SCALE_KINDS]
    own = _own_numbers(survey, part.way, [one.question.id for one in questions])
    days = {day: stretch for stretch in part.stretches for day in _days(stretch)}
    found = [_row(one, part.way, questions, own, days) for one in _responses(survey, part.way)]
    return sorted(found, key=lambda row: [str(cell).rjust(10) for cell in row])


def _responses(survey: Survey, way: Way) -> Iterator[Any]:
    row = SurveyResponse
    query = select(row.id, row.day, row.satisfied, row.expectations, row.ideal)
    yield from db.session.execute(query.where(row.survey_id == survey.id, row.way == way))


def _own_numbers(survey: Survey, way: Way, question_ids: Sequence[int]) -> Mapping[tuple[str, int], int | None]:
    query = (
        select(SurveyAnswer.response_id, SurveyAnswer.question_id, SurveyAnswer.number)
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .where(SurveyResponse.survey_id == survey.id, SurveyResponse.way == way)
        .where(SurveyAnswer.question_id.in_(question_ids))
    )
    return {(response_id, question_id): answer for response_id, question_id, answer in db.session.execute(query)}


def _row(
    response: Any, way: Way, questions: Sequence[QuestionResult], own: Mapping[tuple[str, int], int | None],
    days: Mapping[date, Stretch],
) -> Sequence[Cell]:  # fmt: skip
    stretch = days[response.day]
    return (WAYS[way], stretch.first, stretch.last, *(_number(response, one, own) for one in questions))


def _number(response: Any, one: QuestionResult, own: Mapping[tuple[str, int], int | None]) -> Cell:
    if one.is_hidden:
        return TOO_FEW
    if one.question.kind is QuestionKind.SCALE:
        return own.get((response.id, one.question.id))
    return getattr(response, one.question.kind.value)  # type: ignore[no-any-return]


def _days(stretch: Stretch) -> Iterator[date]:
    return (date.fromordinal(one) for one in range(stretch.first.toordinal(), stretch.last.toordinal() + 1))


# --- the figures --------------------------------------------------------------------------------------------------

_FIGURES = ("Sätt", "Pass", "Fråga", "Svar", "Antal", "Värde")


def _figures(view: ResultView) -> Table:
    """The page as a table: a line a figure."""
    parts = [part for part in view.parts.values() if not part.is_hidden]
    if not parts:
        return _FIGURES, []
    event = view.survey.event
    about: list[Sequence[Cell]] = [
        ("", "", "Evenemang", event.title, None, local(event.starts_at).date().isoformat()),
        ("", "", "Inbjudna", "", view.invited, ""),
        (WAYS[Way.PERSONAL], "", "Svar", "", view.answers, f"{view.rate} %" if view.rate is not None else ""),
    ]
    return _FIGURES, about + [row for part in parts for row in _part_rows(part)]


def _part_rows(part: Part) -> Iterator[Sequence[Cell]]:
    way = WAYS[part.way]
    if part.nki is not None:
        yield way, "", "NKI", "", None if part.nki.is_hidden else part.nki.n, part.nki.shown
        if not part.nki.is_hidden and part.nki.margin is not None:
            yield way, "", "Felmarginal", "95 %", None, number(half_up(part.nki.margin * 10) / 10)
    for question in part.questions:
        yield from _question_rows(way, "", question)
    for session in part.sessions:
        if session.is_hidden:
            yield way, session.session.title, "", "", None, TOO_FEW
        for question in session.questions:
            yield from _question_rows(way, session.session.title, question)
    for stretch in part.stretches:
        yield way, "", "Svar från och med", stretch.first.isoformat(), stretch.answers, ""


def _question_rows(way: str, session: str, one: QuestionResult) -> Iterator[Sequence[Cell]]:
    text = one.question.text
    if one.is_hidden:
        yield way, session, text, "", None, TOO_FEW
        return
    if one.mean_shown is not None:
        yield way, session, text, "Medel", one.answered, number(one.mean_shown)
    for choice in one.choices:
        yield way, session, text, option_text(one, choice.place), choice.persons, ""
    if one.unsure is not None:
        yield way, session, text, "Vet ej eller inget svar", one.unsure, ""


def option_text(one: QuestionResult, place: int, lang: str = "sv") -> str:
    """A number of a scale, or the option's own words."""
    if one.question.kind in SCALE_KINDS:
        return str(place)
    option = one.question.options[place]
    return option.get(lang) or option["sv"]


# --- the texts ----------------------------------------------------------------------------------------------------


def _texts(view: ResultView) -> Table:
    lists = [one for one in text_lists(view.survey) if not one.is_withheld]
    rows = [(WAYS[one.way], one.question.text, text) for one in lists for text in shown_texts(one)]
    return ("Sätt", "Fråga", "Text"), list(rows)


_TABLES = {What.ROWS: _rows, What.FIGURES: _figures, What.TEXTS: _texts}
