"""Doors: a company added, changed, archived and brought back by hand."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from eventsys.companies import archiving as put_away
from eventsys.companies import editing as verbs
from eventsys.companies.changing import ChangedMeanwhile, marks_anew
from eventsys.companies.models import Company
from eventsys.companies.queries import company_by_id
from eventsys.companies.staff.company_forms import ArchivingForm, CompanyForm
from eventsys.companies.staff.doors import READERS, REGISTRARS, company_url, doors, section_page
from eventsys.database import transaction
from eventsys.forms import Form
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

TAB = "show_companies"


@doors.errorhandler(verbs.IsMerged)
def _lead_on(refusal: verbs.IsMerged) -> ResponseReturnValue:
    """A company that was merged into another is not changed any more; its page says where it went."""
    flash(str(refusal), "warn")
    return redirect(company_url((request.view_args or {})["company_id"]))


@doors.get("/nytt")
@staff_only(*READERS)
def show_new_company() -> ResponseReturnValue:
    form = CompanyForm(formdata=None)
    form.offer(None)
    return _form_page(form, None)


def _form_page(form: CompanyForm, company: Company | None, **context: object) -> str:
    return section_page("company_form", TAB, **{"form": form, "company": company, "conflicts": [], **context})


@doors.post("/nytt")
@staff_only(*READERS)
def submit_new_company() -> ResponseReturnValue:
    form = CompanyForm()
    form.offer(None)
    if not form.validate_on_submit():
        return _form_page(form, None), 422
    try:
        with transaction():
            company_id = verbs.add_company(form.values()).id
    except verbs.NumberTaken as refusal:
        return _taken(form, None, refusal)
    flash("Företaget finns nu i registret.", "good")
    return redirect(company_url(company_id))


def _taken(form: CompanyForm, company: Company | None, refusal: verbs.NumberTaken) -> ResponseReturnValue:
    form.number.errors = [str(refusal)]
    return _form_page(form, company, other=refusal.company), 422


@doors.get(f"/<{ID}:company_id>/andra")
@staff_only(*READERS)
def show_company_form(company_id: int) -> ResponseReturnValue:
    company, form = company_by_id(company_id), CompanyForm(formdata=None)
    form.offer(company)
    form.show(company)
    return _form_page(form, company)


@doors.post(f"/<{ID}:company_id>/andra")
@staff_only(*READERS)
def submit_company_form(company_id: int) -> ResponseReturnValue:
    company, form = company_by_id(company_id), CompanyForm()
    form.offer(company)
    if not form.validate_on_submit():
        return _form_page(form, company), 422
    try:
        with transaction():
            verbs.edit_company(company_id, form.values(), form.seen.data or "", form.kept.data)
    except verbs.NumberTaken as refusal:
        return _taken(form, company_by_id(company_id), refusal)
    except ChangedMeanwhile as refusal:
        conflicts, form.seen.data = form.conflicts(refusal.saved), marks_anew(form.seen.data, refusal.saved)
        return _form_page(form, company_by_id(company_id), conflicts=conflicts), 409
    flash("Ändringarna är sparade.", "good")
    return redirect(company_url(company_id))


# --- archive ------------------------------------------------------------------------------------------------------


@doors.get(f"/<{ID}:company_id>/arkivera")
@staff_only(*REGISTRARS)
def show_archiving(company_id: int) -> ResponseReturnValue:
    """Asks before the company is archived, and why."""
    company = company_by_id(company_id)
    return _archiving_page(company, ArchivingForm(formdata=None, data={"why": company.archived_why}))


def _archiving_page(company: Company, form: ArchivingForm) -> str:
    return section_page("archiving", TAB, company=company, form=form, press=Form(formdata=None))


@doors.post(f"/<{ID}:company_id>/arkivera")
@staff_only(*REGISTRARS)
def submit_archiving(company_id: int) -> ResponseReturnValue:
    company, form = company_by_id(company_id), ArchivingForm()
    if not form.validate_on_submit():
        return _archiving_page(company, form), 422
    with transaction():
        put_away.archive(company_id, form.why.data)
    flash("Företaget är arkiverat.", "good")
    return redirect(company_url(company_id))


@doors.post(f"/<{ID}:company_id>/ta-tillbaka")
@staff_only(*REGISTRARS)
def submit_restoring(company_id: int) -> ResponseReturnValue:
    with transaction():
        was_away = put_away.restore(company_id)
    flash("Företaget är tillbaka i registret." if was_away else "Företaget var inte arkiverat.", "good")
    return redirect(company_url(company_id))
