"""Doors: subscribers from a file, in three steps: choose it and say the ground, its columns, each line and add."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from eventsys.clock import now
from eventsys.columns import LARGEST_FORM, Column, ColumnsForm, ListFileForm, columns_form, rows_of, signed_rows
from eventsys.database import transaction
from eventsys.forms import HiddenLineField, LineField, at_most, required
from eventsys.i18n import number
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.staff.doors import LIST_TAKERS, doors, section_page
from eventsys.newsletters.subscriptions.choosing import offers
from eventsys.newsletters.subscriptions.importing import COLUMNS, LONGEST_GROUND, Line, Verdict, judged, take_in
from eventsys.newsletters.words import VERDICTS
from eventsys.staff.guards import staff_only
from eventsys.tabular import LONG_LIST, PoorFile, Table, read_table

A_ROW, PURPOSE = "en prenumerant", "subscriber-file"
MOST_SHOWN = 1000
_LARGE = {f"{doors.name}.{name}" for name in ("submit_reader_columns", "submit_file_readers")}


class ReaderFileForm(ListFileForm):
    list = SelectField("Brev", default=FORETAGSAMT)
    ground = LineField(
        "Varför får vi skriva till dem?",
        [required("Skriv varför vi får skriva till dem på listan."), at_most(LONGEST_GROUND)],
        description="Sparas med varje person. Till exempel: Sa ja på Företagsmässan 2026, listan hos Alva Ek.",
    )


class ReaderColumnsForm(ColumnsForm):
    """The columns, and what the first step asked, on its way along."""

    list = HiddenLineField()
    ground = HiddenLineField(
        validators=[required("Skriv varför vi får skriva till dem på listan."), at_most(LONGEST_GROUND)]
    )


@doors.url_value_preprocessor
def _let_the_rows_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form (the check of its token does): the rows are larger than ordinary fields."""
    if endpoint in _LARGE:
        request.max_form_memory_size = request.max_content_length = LARGEST_FORM


def _file_form() -> ReaderFileForm:
    form = ReaderFileForm()
    form.list.choices = [SelectChoice(one.key, one.name) for one in offers()]
    return form


@doors.get("/prenumeranter/fil")
@staff_only(*LIST_TAKERS)
def show_reader_file() -> ResponseReturnValue:
    return _file_page(_file_form())


def _file_page(form: ReaderFileForm) -> str:
    limits = {"lines": number(LONG_LIST.lines), "megabytes": LONG_LIST.bytes // 1024**2}
    return section_page("reader_file", "show_readers", form=form, limits=limits)


@doors.post("/prenumeranter/fil")
@staff_only(*LIST_TAKERS)
def submit_reader_file() -> ResponseReturnValue:
    form, sent = _file_form(), request.files.get("file")
    if not form.validate_on_submit() or sent is None:
        return _file_page(form), 422
    try:
        table = read_table(sent.read(), sent.filename or "", LONG_LIST)
    except PoorFile as refusal:
        form.file.errors = [str(refusal)]
        return _file_page(form), 422
    chosen = columns_form(table, signed_rows(table, PURPOSE), A_ROW, COLUMNS, ReaderColumnsForm, first=True)
    chosen.list.data, chosen.ground.data = form.list.data, form.ground.data
    return _columns_page(table, chosen)


def _columns_page(table: Table, form: ReaderColumnsForm) -> str:
    return section_page("reader_columns", "show_readers", form=form, first=table[:4])


def _table() -> Table | None:
    return rows_of(request.form.get("table", ""), PURPOSE)


def _form_of(table: Table) -> ReaderColumnsForm:
    form: ReaderColumnsForm = columns_form(table, request.form["table"], A_ROW, COLUMNS, ReaderColumnsForm)
    return form


def _start_again() -> ResponseReturnValue:
    flash("Filen har legat för länge. Välj den en gång till.", "warn")
    return redirect(url_for("newsletters_staff.show_reader_file"))


@doors.post("/prenumeranter/fil/granska")
@staff_only(*LIST_TAKERS)
def submit_reader_columns() -> ResponseReturnValue:
    table = _table()
    if table is None:
        return _start_again()
    form = _form_of(table)
    if not form.validate_on_submit() or request.form.get("gor") == "andra":
        return _columns_page(table, form)
    if Column.EMAIL not in form.where:
        form.say_no_addresses()
        return _columns_page(table, form), 422
    begins = int(form.has_heading)
    return _lines_page(form, judged(table[begins:], form.where, _list(form), begins + 1))


def _list(form: ReaderColumnsForm) -> str:
    return form.list.data or FORETAGSAMT


def _lines_page(form: ReaderColumnsForm, lines: list[Line]) -> str:
    counts = Counter(line.verdict for line in lines)
    order = list(Verdict)[::-1]
    shown = sorted(lines, key=lambda line: (order.index(line.verdict), line.number))[:MOST_SHOWN]
    return section_page(
        "reader_lines", "show_readers", form=form, lines=shown, total=len(lines), counts=counts,
        new=counts[Verdict.NEW], verdicts=VERDICTS,
    )  # fmt: skip


@doors.post("/prenumeranter/fil/lagg-till")
@staff_only(*LIST_TAKERS)
def submit_file_readers() -> ResponseReturnValue:
    table = _table()
    if table is None:
        return _start_again()
    form = _form_of(table)
    if not form.validate_on_submit() or Column.EMAIL not in form.where:
        return _columns_page(table, form), 422
    begins = int(form.has_heading)
    with transaction():
        lines = take_in(table[begins:], form.where, _list(form), form.ground.data, now(), begins + 1)
    new = sum(line.verdict is Verdict.NEW for line in lines)
    added = "1 ny prenumerant är tillagd." if new == 1 else f"{number(new)} nya prenumeranter är tillagda."
    flash(added if new else "Inget nytt fanns i filen.", "good")
    return redirect(url_for("newsletters_staff.show_readers"))
