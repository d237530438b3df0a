"""Doors: a file of companies comes in; the columns of a list of our own are confirmed."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from eventsys.clock import now
from eventsys.columns import (
    LARGEST_FORM,
    NO_COLUMN,
    Column,
    ColumnsForm,
    ListFileForm,
    columns_form,
    rows_of,
    signed_rows,
)
from eventsys.companies.actors import read_import
from eventsys.companies.imports.opening import format_of, own_table
from eventsys.companies.imports.own import COLUMNS, guessed_columns
from eventsys.companies.imports.receiving import (
    LARGEST_UPLOAD,
    SNI_VERSIONS,
    TOO_LARGE_HERE,
    NoPostcodes,
    NoRoom,
    begin_import,
    begin_own_import,
    delete_file,
    keep_file,
    keep_table,
    path_of,
)
from eventsys.companies.models import ImportFormat
from eventsys.companies.newcomers import our_postcodes
from eventsys.companies.staff.doors import REGISTRARS, doors, section_page
from eventsys.database import transaction
from eventsys.forms import HiddenLineField
from eventsys.i18n import number
from eventsys.staff.guards import signed_in, staff_only
from eventsys.tabular import LONG_LIST, PoorFile, Table

TAB, PURPOSE, A_ROW = "show_imports", "company-file", "ett företag"
NO_NAMES = "Välj vilken kolumn som har företagens namn."
TOO_OLD = "gammal"
_UPLOAD, _COLUMNS = f"{doors.name}.submit_new_import", f"{doors.name}.submit_import_columns"
_AROUND_THE_FILE = 1024 * 1024


class CompanyFileForm(ListFileForm):
    sni = SelectField(
        "Version av SNI-koderna",
        choices=[SelectChoice(version, f"SNI {version}") for version in SNI_VERSIONS],
        default=SNI_VERSIONS[0],
        description="Filer från före 2026 har SNI 2007. Egna listor utan SNI-koder berörs inte.",
    )


class CompanyColumnsForm(ColumnsForm):
    """The columns, and what the first step asked, on its way along."""

    version = HiddenLineField()
    name = HiddenLineField()


@doors.url_value_preprocessor
def _let_the_file_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form (the check of its token does): the file is larger than what pages take."""
    if endpoint == _UPLOAD:
        request.max_content_length = LARGEST_UPLOAD + _AROUND_THE_FILE
        if (request.content_length or 0) > request.max_content_length:
            abort(redirect(url_for("companies_staff.show_new_import", fel="storlek")))
    if endpoint == _COLUMNS:
        request.max_form_memory_size = request.max_content_length = LARGEST_FORM


@doors.get("/inlasning/ny")
@staff_only(*REGISTRARS)
def show_new_import() -> ResponseReturnValue:
    form = CompanyFileForm(formdata=None)
    form.file.errors = {
        "storlek": [TOO_LARGE_HERE],
        TOO_OLD: ["Filen har legat för länge. Välj den en gång till."],
    }.get(request.args.get("fel", ""), [])
    return _file_page(form)


def _file_page(form: CompanyFileForm) -> str:
    limits = {
        "lines": number(LONG_LIST.lines), "megabytes": LONG_LIST.bytes // 1024**2,
        "largest": LARGEST_UPLOAD // 1024**2,
    }  # fmt: skip
    return section_page("import_file", TAB, form=form, limits=limits, has_postcodes=bool(our_postcodes()))


@doors.post("/inlasning/ny")
@staff_only(*REGISTRARS)
def submit_new_import() -> ResponseReturnValue:
    form, sent = CompanyFileForm(), request.files.get("file")
    if not form.validate_on_submit() or sent is None:
        return _file_page(form), 422
    try:
        key = keep_file(sent.stream)
        try:
            return _received(key, sent.filename or "", form.sni.data)
        except BaseException:
            delete_file(key)
            raise
    except (PoorFile, NoRoom, NoPostcodes) as refusal:
        form.file.errors = [str(refusal)]
        return _file_page(form), 422


def _received(key: str, name: str, sni: str) -> ResponseReturnValue:
    """A bulk file waits for a worker; the columns of a list of our own are asked about first."""
    path = path_of(key)
    if format_of(path) is ImportFormat.OWN:
        table = own_table(path, name)
        delete_file(key)
        return _columns_page(table, _first_form(table, name, sni))
    with transaction():
        noted = begin_import(path, key, name, signed_in().name, now(), sni)
        read_import.ring_after_commit(noted.id)
    return redirect(url_for("companies_staff.show_import", import_id=noted.id))


# --- the columns of a list of our own -----------------------------------------------------------------------------


def _first_form(table: Table, name: str, sni: str) -> CompanyColumnsForm:
    found = guessed_columns(table)
    form: CompanyColumnsForm = columns_form(
        table, signed_rows(table, PURPOSE), A_ROW, COLUMNS, CompanyColumnsForm, first=True
    )
    for column in COLUMNS:
        form[column.value].data = str(found.get(column, NO_COLUMN))
    form.version.data, form.name.data = sni, name
    return form


def _columns_page(table: Table, form: CompanyColumnsForm) -> str:
    return section_page("import_columns", TAB, form=form, first=table[:4])


@doors.post("/inlasning/ny/kolumner")
@staff_only(*REGISTRARS)
def submit_import_columns() -> ResponseReturnValue:
    table = rows_of(request.form.get("table", ""), PURPOSE)
    if table is None:
        return redirect(url_for("companies_staff.show_new_import", fel=TOO_OLD))
    form: CompanyColumnsForm = columns_form(table, request.form["table"], A_ROW, COLUMNS, CompanyColumnsForm)
    if not form.validate_on_submit():
        return _columns_page(table, form), 422
    if Column.COMPANY not in form.where:
        form[Column.COMPANY.value].errors = [NO_NAMES]
        return _columns_page(table, form), 422
    try:
        import_id = _begun(table, form)
    except NoRoom as refusal:
        form.form_errors.append(str(refusal))
        return _columns_page(table, form), 422
    return redirect(url_for("companies_staff.show_import", import_id=import_id))


def _begun(table: Table, form: CompanyColumnsForm) -> int:
    key = keep_table(table)
    try:
        with transaction():
            noted = begin_own_import(
                path_of(key), key, form.name.data, signed_in().name, now(), form.where, form.has_heading,
                form.version.data,
            )  # fmt: skip
            read_import.ring_after_commit(noted.id)
    except BaseException:
        delete_file(key)
        raise
    return noted.id
