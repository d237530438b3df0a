"""Doors: notes about a company."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from eventsys.companies import notes as verbs
from eventsys.companies.changing import ChangedMeanwhile, marks_anew, marks_of
from eventsys.companies.models import Note
from eventsys.companies.queries import company_by_id
from eventsys.companies.staff.conflicts import Conflict, in_words
from eventsys.companies.staff.contact_forms import NoteForm
from eventsys.companies.staff.doors import READERS, company_url, doors, section_page
from eventsys.companies.staff.removing import removal_page
from eventsys.database import transaction
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only

TAB = "show_companies"


@doors.get(f"/<{ID}:company_id>/anteckningar/ny")
@staff_only(*READERS)
def show_new_note(company_id: int) -> ResponseReturnValue:
    return _form_page(company_id, NoteForm(formdata=None))


def _form_page(company_id: int, form: NoteForm, note: Note | None = None, **context: object) -> str:
    given = {"company": company_by_id(company_id), "form": form, "note": note, "conflicts": [], **context}
    return section_page("note", TAB, **given)


@doors.post(f"/<{ID}:company_id>/anteckningar/ny")
@staff_only(*READERS)
def submit_new_note(company_id: int) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        return _form_page(company_id, form), 422
    with transaction():
        verbs.add_note(company_id, form.text.data, signed_in())
    flash("Anteckningen är sparad.", "good")
    return redirect(company_url(company_id))


def _not_yours(company_id: int, refusal: verbs.NotYours) -> ResponseReturnValue:
    flash(str(refusal), "warn")
    return redirect(company_url(company_id))


@doors.get(f"/<{ID}:company_id>/anteckningar/<{ID}:note_id>")
@staff_only(*READERS)
def show_note(company_id: int, note_id: int) -> ResponseReturnValue:
    note = verbs.note_at(company_id, note_id)
    if not verbs.may_change(note, signed_in()):
        return _not_yours(company_id, verbs.NotYours())
    form = NoteForm(formdata=None, data={"text": note.text, "seen": marks_of({"text": note.text})})
    return _form_page(company_id, form, note)


@doors.post(f"/<{ID}:company_id>/anteckningar/<{ID}:note_id>")
@staff_only(*READERS)
def submit_note(company_id: int, note_id: int) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        return _form_page(company_id, form, verbs.note_at(company_id, note_id)), 422
    try:
        with transaction():
            verbs.edit_note(company_id, note_id, form.text.data, signed_in(), form.seen.data or "")
    except verbs.NotYours as refusal:
        return _not_yours(company_id, refusal)
    except ChangedMeanwhile as refusal:
        conflicts = [Conflict("Anteckning", in_words(refusal.saved["text"]), in_words(form.text.data))]
        form.seen.data = marks_anew(form.seen.data, refusal.saved)
        return _form_page(company_id, form, verbs.note_at(company_id, note_id), conflicts=conflicts), 409
    flash("Anteckningen är sparad.", "good")
    return redirect(company_url(company_id))


@doors.get(f"/<{ID}:company_id>/anteckningar/<{ID}:note_id>/ta-bort")
@staff_only(*READERS)
def show_note_removal(company_id: int, note_id: int) -> ResponseReturnValue:
    """Asks before a note is removed."""
    note = verbs.note_at(company_id, note_id)
    if not verbs.may_change(note, signed_in()):
        return _not_yours(company_id, verbs.NotYours())
    return removal_page(
        company_id, "Ta bort anteckningen?", f"”{in_words(note.text)}” tas bort. Det går inte att ångra.",
        "Ta bort anteckningen",
    )  # fmt: skip


@doors.post(f"/<{ID}:company_id>/anteckningar/<{ID}:note_id>/ta-bort")
@staff_only(*READERS)
def submit_note_removal(company_id: int, note_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            verbs.remove_note(company_id, note_id, signed_in())
    except verbs.NotYours as refusal:
        return _not_yours(company_id, refusal)
    flash("Anteckningen är borttagen.", "good")
    return redirect(company_url(company_id))
