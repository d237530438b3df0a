"""Doors: guests from a file, in three steps: choose it, say what its columns hold, look at each line and add."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.columns import LARGEST_FORM, Column, ColumnsForm, ListFileForm, columns_form, rows_of, signed_rows
from eventsys.database import transaction
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.invitations import files, words
from eventsys.events.invitations.files import Line, Verdict
from eventsys.events.invitations.inviting import ListClosed, invite
from eventsys.events.models import Event
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.invitation_adding import say_invited
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only
from eventsys.tabular import PoorFile, Table, read_table

A_ROW, PURPOSE = "en gäst", "guest-file"
FROM_FILE = "Fil"
_LARGE = {f"events_staff.{name}" for name in ("submit_columns", "submit_file_guests")}


@doors.url_value_preprocessor
def _let_the_rows_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form (the check of its token does): the rows are larger than ordinary fields."""
    if endpoint in _LARGE:
        request.max_form_memory_size = request.max_content_length = LARGEST_FORM


@doors.get("/evenemang/<int:event_id>/inbjudna/fil")
@staff_only(*PLANNERS)
def show_guest_file(event_id: int) -> ResponseReturnValue:
    return event_page("guest_file", event_for(signed_in(), event_id), "show_guests", form=ListFileForm())


@doors.post("/evenemang/<int:event_id>/inbjudna/fil")
@staff_only(*PLANNERS)
def submit_guest_file(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), ListFileForm()
    sent = request.files.get("file")
    if not form.validate_on_submit() or sent is None:
        return event_page("guest_file", event, "show_guests", form=form), 422
    try:
        table = read_table(sent.read(), sent.filename or "")
    except PoorFile as refusal:
        form.file.errors = [str(refusal)]
        return event_page("guest_file", event, "show_guests", form=form), 422
    chosen = columns_form(table, signed_rows(table, PURPOSE), A_ROW, first=True)
    return _columns_page(event, table, chosen)


def _columns_page(event: Event, table: Table, form: ColumnsForm) -> str:
    return event_page("guest_columns", event, "show_guests", form=form, first=table[:4])


def _table() -> Table | None:
    return rows_of(request.form.get("table", ""), PURPOSE)


def _start_again(event_id: int) -> ResponseReturnValue:
    flash("Filen har legat för länge. Välj den en gång till.", "warn")
    return redirect(url_for("events_staff.show_guest_file", event_id=event_id))


def _form_of(table: Table) -> ColumnsForm:
    form: ColumnsForm = columns_form(table, request.form["table"], A_ROW)
    return form


def _lines(event: Event, table: Table, form: ColumnsForm) -> list[Line]:
    begins = 1 if form.has_heading else 0
    return files.judged(table[begins:], form.where, event.id, first_line=begins + 1)


@doors.post("/evenemang/<int:event_id>/inbjudna/fil/granska")
@staff_only(*PLANNERS)
def submit_columns(event_id: int) -> ResponseReturnValue:
    event, table = event_for(signed_in(), event_id), _table()
    if table is None:
        return _start_again(event_id)
    form = _form_of(table)
    if not form.validate_on_submit() or request.form.get("gor") == "andra":
        return _columns_page(event, table, form)
    if Column.EMAIL not in form.where:
        form.say_no_addresses()
        return _columns_page(event, table, form), 422
    return _lines_page(event, table, form)


def _lines_page(event: Event, table: Table, form: ColumnsForm) -> str:
    lines = _lines(event, table, form)
    counts = {verdict: sum(line.verdict is verdict for line in lines) for verdict in Verdict}
    return event_page(
        "guest_lines", event, "show_guests", form=form, lines=lines, counts=counts, new=counts[Verdict.NEW],
        guest_words=words,
    )  # fmt: skip


@doors.post("/evenemang/<int:event_id>/inbjudna/fil/lagg-till")
@staff_only(*PLANNERS)
def submit_file_guests(event_id: int) -> ResponseReturnValue:
    event, table = event_for(signed_in(), event_id), _table()
    if table is None:
        return _start_again(event_id)
    form = _form_of(table)
    if not form.validate_on_submit():
        return _columns_page(event, table, form), 422
    guests = [line.guest for line in _lines(event, table, form) if line.verdict is Verdict.NEW and line.guest]
    try:
        with transaction():
            done = invite(event_id, guests, now(), FROM_FILE)
    except ListClosed as refusal:
        refuse(form, refusal)
        return _lines_page(event_for(signed_in(), event_id), table, form), 422
    say_invited(done)
    return redirect(url_for("events_staff.show_guests", event_id=event_id))
