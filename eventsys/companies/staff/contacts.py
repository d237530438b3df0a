"""Doors: contacts of a company."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from eventsys.companies import contacts as verbs
from eventsys.companies.changing import ChangedMeanwhile, marks_anew, marks_of
from eventsys.companies.models import Contact
from eventsys.companies.queries import company_by_id
from eventsys.companies.staff.contact_forms import ContactForm
from eventsys.companies.staff.doors import READERS, company_url, doors, section_page
from eventsys.companies.staff.removing import removal_page
from eventsys.database import transaction
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

TAB = "show_companies"


@doors.get(f"/<{ID}:company_id>/kontakter/ny")
@staff_only(*READERS)
def show_new_contact(company_id: int) -> ResponseReturnValue:
    return _form_page(company_id, ContactForm(formdata=None))


def _form_page(company_id: int, form: ContactForm, contact: Contact | None = None, **context: object) -> str:
    given = {"company": company_by_id(company_id), "form": form, "contact": contact, "conflicts": [], **context}
    return section_page("contact", TAB, **given)


@doors.post(f"/<{ID}:company_id>/kontakter/ny")
@staff_only(*READERS)
def submit_new_contact(company_id: int) -> ResponseReturnValue:
    form = ContactForm()
    if not form.validate_on_submit():
        return _form_page(company_id, form), 422
    try:
        with transaction():
            verbs.add_contact(company_id, form.reach())
    except (verbs.SameAddress, verbs.NobodyThere) as refusal:
        form.refuse(refusal)
        return _form_page(company_id, form), 422
    flash("Kontakten är tillagd.", "good")
    return redirect(company_url(company_id))


@doors.get(f"/<{ID}:company_id>/kontakter/<{ID}:contact_id>")
@staff_only(*READERS)
def show_contact(company_id: int, contact_id: int) -> ResponseReturnValue:
    contact = verbs.contact_at(company_id, contact_id)
    form = ContactForm(formdata=None, obj=contact)
    form.seen.data = marks_of(verbs.reach_of(contact).values())
    return _form_page(company_id, form, contact)


@doors.post(f"/<{ID}:company_id>/kontakter/<{ID}:contact_id>")
@staff_only(*READERS)
def submit_contact(company_id: int, contact_id: int) -> ResponseReturnValue:
    form = ContactForm()
    if not form.validate_on_submit():
        return _form_page(company_id, form, verbs.contact_at(company_id, contact_id)), 422
    try:
        with transaction():
            verbs.edit_contact(company_id, contact_id, form.reach(), form.seen.data or "")
    except (verbs.SameAddress, verbs.NobodyThere) as refusal:
        form.refuse(refusal)
        return _form_page(company_id, form, verbs.contact_at(company_id, contact_id)), 422
    except ChangedMeanwhile as refusal:
        conflicts, form.seen.data = form.conflicts(refusal.saved), marks_anew(form.seen.data, refusal.saved)
        contact = verbs.contact_at(company_id, contact_id)
        return _form_page(company_id, form, contact, conflicts=conflicts), 409
    flash("Kontakten är sparad.", "good")
    return redirect(company_url(company_id))


@doors.get(f"/<{ID}:company_id>/kontakter/<{ID}:contact_id>/ta-bort")
@staff_only(*READERS)
def show_contact_removal(company_id: int, contact_id: int) -> ResponseReturnValue:
    """Asks before a contact is removed."""
    contact = verbs.contact_at(company_id, contact_id)
    return removal_page(
        company_id, f"Ta bort {contact.name or contact.email or contact.phone}?",
        "Uppgifterna tas bort ur registret. Anmälningar och prenumerationer med samma adress finns kvar.",
        "Ta bort kontakten",
    )  # fmt: skip


@doors.post(f"/<{ID}:company_id>/kontakter/<{ID}:contact_id>/ta-bort")
@staff_only(*READERS)
def submit_contact_removal(company_id: int, contact_id: int) -> ResponseReturnValue:
    with transaction():
        verbs.remove_contact(company_id, contact_id)
    flash("Kontakten är borttagen.", "good")
    return redirect(company_url(company_id))
