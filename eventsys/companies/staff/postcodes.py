"""Doors: the table of our postcodes, edited as text."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.companies.imports.postcodes import (
    BadPostcodes,
    companies_at,
    keep_postcodes,
    our_table,
    postcodes_as_text,
    spaced,
)
from eventsys.companies.staff.doors import REGISTRARS, doors, section_page
from eventsys.database import transaction
from eventsys.fields import TEXT, TextField
from eventsys.forms import Form, at_most
from eventsys.i18n import number
from eventsys.staff.guards import staff_only

TAB = "show_imports"


class PostcodesForm(Form):
    postcodes = TextField(
        "Postnummer",
        [at_most(TEXT)],
        description="Ett på varje rad, gärna med ort: 503 30 Borås. Tre eller fyra siffror betyder alla postnummer som "
        "börjar så: 503 Borås.",
    )


@doors.get("/inlasning/postnummer")
@staff_only(*REGISTRARS)
def show_postcodes() -> ResponseReturnValue:
    form = PostcodesForm(formdata=None)
    form.postcodes.data = postcodes_as_text()
    return _page(form)


def _page(form: PostcodesForm) -> str:
    table = our_table()
    counts = companies_at([row.digits for row in table])
    rows = [(spaced(row.digits), row.place, counts[row.digits]) for row in table]
    return section_page("postcodes", TAB, form=form, rows=rows)


@doors.post("/inlasning/postnummer")
@staff_only(*REGISTRARS)
def submit_postcodes() -> ResponseReturnValue:
    form = PostcodesForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            kept = keep_postcodes(form.postcodes.data)
    except BadPostcodes as refusal:
        form.postcodes.errors = [str(refusal)]
        return _page(form), 422
    flash(f"{number(kept)} postnummer är sparade." if kept else "Tabellen är tom.", "good" if kept else "warn")
    return redirect(url_for("companies_staff.show_postcodes"))
