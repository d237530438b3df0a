"""Doors: the tags, and those of one company."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.companies import tagging as verbs
from eventsys.companies.models import Company, Tag
from eventsys.companies.queries import company_by_id
from eventsys.companies.staff.companies import counted, may_register
from eventsys.companies.staff.doors import READERS, REGISTRARS, company_url, doors, section_page
from eventsys.companies.staff.tag_forms import CompanyTagsForm, TagForm
from eventsys.database import transaction
from eventsys.forms import Form
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

TAB = "show_tags"


@doors.get("/etiketter")
@staff_only(*READERS)
def show_tags() -> ResponseReturnValue:
    return _tags_page(TagForm(formdata=None))


def _tags_page(form: TagForm) -> str:
    return section_page("tags", TAB, form=form, tags=verbs.tags_with_numbers(), registers=may_register())


@doors.post("/etiketter")
@staff_only(*READERS)
def submit_new_tag() -> ResponseReturnValue:
    form = TagForm()
    if not form.validate_on_submit():
        return _tags_page(form), 422
    try:
        with transaction():
            verbs.add_tag(form.name.data)
    except verbs.TagTaken as refusal:
        form.name.errors = [str(refusal)]
        return _tags_page(form), 422
    flash(f"Etiketten {form.name.data} är tillagd.", "good")
    return redirect(url_for("companies_staff.show_tags"))


@doors.get(f"/etiketter/<{ID}:tag_id>")
@staff_only(*REGISTRARS)
def show_tag(tag_id: int) -> ResponseReturnValue:
    tag = verbs.tag_by_id(tag_id)
    return _tag_page(tag, TagForm(formdata=None, obj=tag))


def _tag_page(tag: Tag, form: TagForm) -> str:
    return section_page("tag", TAB, tag=tag, form=form, companies=verbs.companies_with(tag.id))


@doors.post(f"/etiketter/<{ID}:tag_id>")
@staff_only(*REGISTRARS)
def submit_tag(tag_id: int) -> ResponseReturnValue:
    form = TagForm()
    if not form.validate_on_submit():
        return _tag_page(verbs.tag_by_id(tag_id), form), 422
    try:
        with transaction():
            verbs.rename_tag(tag_id, form.name.data)
    except verbs.TagTaken as refusal:
        form.name.errors = [str(refusal)]
        return _tag_page(verbs.tag_by_id(tag_id), form), 422
    flash("Etiketten har bytt namn.", "good")
    return redirect(url_for("companies_staff.show_tags"))


@doors.get(f"/etiketter/<{ID}:tag_id>/ta-bort")
@staff_only(*REGISTRARS)
def show_tag_removal(tag_id: int) -> ResponseReturnValue:
    """Asks before a tag is removed."""
    tag, form = verbs.tag_by_id(tag_id), Form(formdata=None)
    return section_page("tag_removal", TAB, tag=tag, form=form, companies=verbs.companies_with(tag_id))


@doors.post(f"/etiketter/<{ID}:tag_id>/ta-bort")
@staff_only(*REGISTRARS)
def submit_tag_removal(tag_id: int) -> ResponseReturnValue:
    with transaction():
        had = verbs.remove_tag(tag_id)
    flash(f"Etiketten är borttagen från {counted(had)}." if had else "Etiketten är borttagen.", "good")
    return redirect(url_for("companies_staff.show_tags"))


# --- of one company -----------------------------------------------------------------------------------------------


@doors.get(f"/<{ID}:company_id>/etiketter")
@staff_only(*READERS)
def show_company_tags(company_id: int) -> ResponseReturnValue:
    company = company_by_id(company_id)
    form = CompanyTagsForm(formdata=None, data={"tags": [str(tag.id) for tag in company.tags]})
    return _company_tags_page(company, form)


def _company_tags_page(company: Company, form: CompanyTagsForm) -> str:
    form.offer(verbs.tags())
    return section_page("company_tags", "show_companies", company=company, form=form)


@doors.post(f"/<{ID}:company_id>/etiketter")
@staff_only(*READERS)
def submit_company_tags(company_id: int) -> ResponseReturnValue:
    form = CompanyTagsForm()
    form.offer(verbs.tags())
    if not form.validate_on_submit():
        return _company_tags_page(company_by_id(company_id), form), 422
    try:
        with transaction():
            _set_tags(company_id, form)
    except verbs.TagTaken as refusal:
        form.new.errors = [str(refusal)]
        return _company_tags_page(company_by_id(company_id), form), 422
    flash("Etiketterna är sparade.", "good")
    return redirect(company_url(company_id))


def _set_tags(company_id: int, form: CompanyTagsForm) -> None:
    """Tags made by others while the page was open were not shown, so they are neither chosen nor taken away."""
    new = [verbs.add_tag(form.new.data).id] if form.new.data else []
    shown = [int(value) for value in request.form.getlist("shown") if value.isascii() and value.isdigit()]
    verbs.set_tags(company_id, [*form.chosen, *new], [one for one in shown if one < 2**31])
