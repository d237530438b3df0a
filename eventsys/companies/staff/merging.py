"""Merging: companies that may be the same, two of them side by side, and parting them again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from eventsys.clock import now
from eventsys.companies import duplicates, merging
from eventsys.companies.imports.postcodes import spaced
from eventsys.companies.models import Company
from eventsys.companies.numbers import shown
from eventsys.companies.queries import company_by_id, company_says, in_use
from eventsys.companies.staff.doors import REGISTRARS, company_url, doors, section_page
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.folding import fold
from eventsys.forms import Form
from eventsys.paging import BIGGEST_ID, ID, page_in_address, page_urls, text_in_address
from eventsys.staff.guards import staff_only

MOST_FOUND = 20
FACTS = (
    ("number", "Organisationsnummer"),
    ("legal_form", "Företagsform"),
    ("care_of", "c/o"),
    ("street", "Gatuadress"),
    ("postcode", "Postnummer"),
    ("place", "Ort"),
    ("website", "Webbplats"),
    ("employees", "Anställda"),
    ("registered_on", "Registrerat"),
    ("deregistered_on", "Avregistrerat"),
    ("procedure", "Pågående förfarande"),
    ("refuses_advertising", "Reklamspärr"),
)


class ButtonForm(Form):
    """Nothing but a button."""


@doors.get("/dubbletter")
@staff_only(*REGISTRARS)
def show_duplicates() -> ResponseReturnValue:
    """Companies that may be the same one twice."""
    page = page_in_address()
    groups, total = duplicates.candidates(page)
    pages = -(-total // duplicates.PAGE)
    urls = page_urls("companies_staff.show_duplicates", page, pages)
    return section_page(
        "duplicates", "show_duplicates", groups=groups, total=total, page=page, pages=pages, urls=urls
    )  # fmt: skip


@doors.get(f"/<{ID}:company_id>/sla-ihop")
@staff_only(*REGISTRARS)
def show_merging(company_id: int) -> ResponseReturnValue:
    """Choose the other company, then see the two side by side."""
    kept = company_by_id(company_id)
    other_id = request.args.get("med", type=int)
    if other_id is None:
        return _choosing_page(kept)
    return _comparing_page(ButtonForm(), kept, _other(other_id))


def _other(company_id: int) -> Company:
    if not 0 < company_id <= BIGGEST_ID:
        raise NotFound
    return company_by_id(company_id)


def _choosing_page(kept: Company) -> str:
    """Without words of one's own the first word of the name is looked for: duplicates are mostly called alike."""
    words = text_in_address() or _first_word(kept)
    query = select(Company).where(in_use(), company_says(words), Company.id != kept.id)
    found = db.session.scalars(query.order_by(Company.sort_key, Company.id).limit(MOST_FOUND + 1)).all()
    return render_template(
        "companies/staff/merging_choice.html", kept=kept, found=found[:MOST_FOUND], most=MOST_FOUND,
        is_more=len(found) > MOST_FOUND, search=words,
    )  # fmt: skip


def _first_word(company: Company) -> str:
    return (duplicates.plain_name(company.search_key, company.number) or fold(company.name)).partition(" ")[0]


def _comparing_page(form: Form, kept: Company, merged: Company) -> str:
    fills = merging.what_fills(kept, merged)
    rows = [(label, _fact(kept, name), _fact(merged, name), name in fills) for name, label in FACTS]
    return render_template(
        "companies/staff/merging.html", form=form, kept=kept, merged=merged, rows=[row for row in rows if any(row[1:])],
        moving=merging.what_moves(kept.id, merged.id), two_numbers=_two_numbers(kept, merged),
        may_merge=not any(one.archived_at for one in (kept, merged)) and kept.id != merged.id,
    )  # fmt: skip


def _fact(company: Company, name: str) -> Any:
    """A fact as people write it."""
    value = getattr(company, name)
    return shown(value) if name == "number" and value else spaced(value) if name == "postcode" else value


def _two_numbers(kept: Company, merged: Company) -> bool:
    return bool(kept.number and merged.number)


@doors.post(f"/<{ID}:company_id>/sla-ihop")
@staff_only(*REGISTRARS)
def submit_merging(company_id: int) -> ResponseReturnValue:
    form, kept = ButtonForm(), company_by_id(company_id)
    other = _other(request.form.get("med", 0, type=int))
    ids, names = (kept.id, other.id), (kept.name, other.name)
    if not form.validate_on_submit():
        return _comparing_page(form, kept, other), 422
    try:
        with transaction():
            merging.merge(*ids, now())
    except merging.NotMerged as refusal:
        form.form_errors.append(str(refusal))
        return _comparing_page(form, company_by_id(ids[0]), company_by_id(ids[1])), 409
    flash(f"{names[1]} är nu en del av {names[0]}.", "success")
    return redirect(company_url(company_id))


# --- undoing ------------------------------------------------------------------------------------------------------


@doors.get(f"/<{ID}:company_id>/sla-isar")
@staff_only(*REGISTRARS)
def show_unmerging(company_id: int) -> ResponseReturnValue:
    """Asks before two companies are parted again."""
    return _unmerging_page(ButtonForm(), company_id)


def _unmerging_page(form: Form, company_id: int) -> str:
    account = merging.open_merge(company_id)
    values: dict[str, Any] = {"kept": company_by_id(account.kept_id), "merged": company_by_id(company_id)}
    return render_template("companies/staff/unmerging.html", form=form, account=account, **values)


@doors.post(f"/<{ID}:company_id>/sla-isar")
@staff_only(*REGISTRARS)
def submit_unmerging(company_id: int) -> ResponseReturnValue:
    form = ButtonForm()
    if not form.validate_on_submit():
        return _unmerging_page(form, company_id), 422
    try:
        with transaction():
            merging.unmerge(company_id, now())
    except merging.NotUndone as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Företagen är två igen.", "success")
    return redirect(company_url(company_id))
