"""Doors: the list of companies, searched and filtered; several of them tagged or archived; the list taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_

from eventsys import audit
from eventsys.clock import local, now
from eventsys.companies.archiving import archive_all
from eventsys.companies.listing import (
    Order,
    Wanted,
    companies_by_ids,
    company_page,
    conditions,
    how_many,
    is_empty,
)
from eventsys.companies.lists import COMPANY_COLUMNS, company_rows
from eventsys.companies.models import Company
from eventsys.companies.staff.company_forms import ArchivingForm
from eventsys.companies.staff.doors import READERS, REGISTRARS, doors, section_page
from eventsys.companies.staff.filter_forms import CompanyFilterForm, company_filter
from eventsys.companies.staff.tag_forms import SelectionTagForm
from eventsys.companies.tagging import TagGone, tag_companies, tags, untag_companies
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.i18n import number
from eventsys.paging import page_in_address, page_urls
from eventsys.sheets import MIME, FileKind, sheet
from eventsys.staff.guards import may_enter, signed_in, staff_only

TAB = "show_companies"
PAGE = "companies_staff.show_companies"
IMPORTS = "companies_staff.show_imports"


def counted(companies: int) -> str:
    return f"{number(companies)} företag"


def may_register() -> bool:
    """Whether who is signed in may read in, archive and take out lists."""
    return may_enter(signed_in(), frozenset(REGISTRARS))


@doors.get("")
@staff_only(*READERS)
def show_companies() -> ResponseReturnValue:
    form = _filter()
    wanted = form.wanted
    page = company_page(wanted, page_in_address())
    return section_page(
        "companies", TAB, form=form, wanted=wanted, page=page, sorts=_sorts(wanted), registers=may_register(),
        pages=page_urls(PAGE, page.number, page.pages, **wanted.args), is_empty=not page.total and is_empty(),
        imports_url=_imports_url(),
    )  # fmt: skip


def _filter() -> CompanyFilterForm:
    return company_filter(request.args, tags())


def _sorts(wanted: Wanted) -> dict[Order, str]:
    """The address of the list in each order."""
    return {order: _list_url(replace(wanted, order=order)) for order in Order}


def _list_url(wanted: Wanted) -> str:
    args: dict[str, Any] = {**wanted.args}
    return url_for(PAGE, **args)


def _imports_url() -> str | None:
    """The page of imports, where it is there and may be entered."""
    return url_for(IMPORTS) if IMPORTS in current_app.view_functions and may_register() else None


@doors.get("/lista.<kind>")
@staff_only(*REGISTRARS)
def show_companies_file(kind: str) -> ResponseReturnValue:
    """Exactly what the filter shows, as a file; that it was taken out is recorded."""
    chosen, wanted = FileKind(kind) if kind in set(FileKind) else FileKind.XLSX, _filter().wanted
    rows = list(company_rows(wanted))
    content = sheet(chosen, COMPANY_COLUMNS, rows, "Företag")
    with transaction():
        audit.record("company.exported", "company:", rows=len(rows), filter=sorted(wanted.args))
    return download(content, MIME[chosen], f"foretag-{local(now()).date()}.{chosen}")


# --- several at once ----------------------------------------------------------------------------------------------


def _ticked() -> list[int]:
    values = request.args.getlist("ids")
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]


def _selection(wanted: Wanted) -> ColumnElement[bool]:
    """Those that are ticked, or all that the list shows (`?alla=ja`)."""
    if request.args.get("alla"):
        return and_(*conditions(wanted))
    return Company.id.in_(_ticked())


def _nothing_ticked(wanted: Wanted) -> ResponseReturnValue:
    flash("Markera minst ett företag i listan.", "warn")
    return redirect(_list_url(wanted))


def _selected(wanted: Wanted) -> int:
    return how_many(wanted) if request.args.get("alla") else len(companies_by_ids(_ticked()))


@doors.get("/markerade/etikett")
@staff_only(*READERS)
def show_selection_tag() -> ResponseReturnValue:
    """Asks which tag the ticked companies, or all in the list, are given or lose."""
    wanted = _filter().wanted
    selected = _selected(wanted)
    return _selection_tag_page(wanted, selected) if selected else _nothing_ticked(wanted)


def _selection_tag_page(wanted: Wanted, selected: int, form: SelectionTagForm | None = None) -> str:
    form = form or SelectionTagForm.with_tags(tags())
    return section_page("selection_tag", TAB, form=form, wanted=wanted, selected=selected)


@doors.post("/markerade/etikett")
@staff_only(*READERS)
def submit_selection_tag() -> ResponseReturnValue:
    """The button says whether the tag is given or taken."""
    wanted, form = _filter().wanted, SelectionTagForm.with_tags(tags())
    if not form.validate_on_submit():
        return _selection_tag_page(wanted, _selected(wanted), form), 422
    change = untag_companies if request.form.get("gor") == "ta-bort" else tag_companies
    try:
        with transaction():
            changed = change(_selection(wanted), int(form.tag.data))
    except TagGone as refusal:
        form.tag.errors = [str(refusal)]
        return _selection_tag_page(wanted, _selected(wanted), form), 422
    flash(_said_of_tag(changed, form.name, change is tag_companies), "good")
    return redirect(_list_url(wanted))


def _said_of_tag(changed: int, name: str, given: bool) -> str:
    if not changed:
        return f"Alla hade redan etiketten {name}." if given else f"Inget av dem hade etiketten {name}."
    return (
        f"{counted(changed)} fick etiketten {name}."
        if given
        else f"Etiketten {name} togs bort från {counted(changed)}."
    )


@doors.get("/markerade/arkivera")
@staff_only(*REGISTRARS)
def show_selection_archiving() -> ResponseReturnValue:
    """Asks before the ticked companies are archived."""
    wanted, companies = _filter().wanted, companies_by_ids(_ticked())
    if not companies:
        return _nothing_ticked(wanted)
    return _selection_archiving_page(wanted, ArchivingForm(formdata=None))


def _selection_archiving_page(wanted: Wanted, form: Any) -> str:
    return section_page("selection_archiving", TAB, form=form, wanted=wanted, companies=companies_by_ids(_ticked()))


@doors.post("/markerade/arkivera")
@staff_only(*REGISTRARS)
def submit_selection_archiving() -> ResponseReturnValue:
    wanted, form = _filter().wanted, ArchivingForm()
    if not form.validate_on_submit():
        return _selection_archiving_page(wanted, form), 422
    with transaction():
        archived = archive_all(_ticked(), form.why.data)
    flash(f"{counted(archived)} arkiverades.", "good")
    return redirect(_list_url(wanted))
