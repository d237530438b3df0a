"""Doors: the queue of requests, one request with everything we keep, and beginning one for somebody."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.documents import NoPdf
from eventsys.downloads import download
from eventsys.paging import ID
from eventsys.personal import Section
from eventsys.privacy.asking import about, begin_by_hand
from eventsys.privacy.extracting import NAME, extract_file, note_extract
from eventsys.privacy.models import PersonRequest
from eventsys.privacy.queries import (
    coming_of,
    handled_requests,
    person_at,
    request_by_id,
    sections_of,
    waiting_requests,
)
from eventsys.privacy.staff.doors import doors
from eventsys.privacy.staff.forms import CorrectionForm, NewRequestForm
from eventsys.staff.guards import signed_in, staff_only
from eventsys.staff.models import Role

PAGE = f"/<{ID}:person_request_id>"


@doors.get("")
@staff_only(Role.ADMINISTRATOR)
def show_requests() -> ResponseReturnValue:
    return render_template("privacy/staff/requests.html", waiting=waiting_requests(), handled=handled_requests())


@doors.get("/ny")
@staff_only(Role.ADMINISTRATOR)
def show_new_request() -> ResponseReturnValue:
    return render_template("privacy/staff/new_request.html", form=NewRequestForm())


@doors.post("/ny")
@staff_only(Role.ADMINISTRATOR)
def submit_new_request() -> ResponseReturnValue:
    form = NewRequestForm()
    if not form.validate_on_submit():
        return render_template("privacy/staff/new_request.html", form=form), 422
    with transaction():
        request_id = begin_by_hand(form.asked(), signed_in().actor, now()).id
    flash("Begäran är inlagd, och personen får ett brev om det.", "success")
    return redirect(url_for("privacy_staff.show_request", person_request_id=request_id))


@doors.get(PAGE)
@staff_only(Role.ADMINISTRATOR)
def show_request(person_request_id: int) -> ResponseReturnValue:
    """Everything we keep of the person; that somebody looked is recorded."""
    row = request_by_id(person_request_id)
    if row.is_open:
        with transaction():
            audit.record("person_request.seen", about(row.id))
    return request_page(request_by_id(person_request_id), CorrectionForm())


def request_page(row: PersonRequest, correction: CorrectionForm) -> str:
    person = person_at(row.address) if row.address else None
    sections: list[Section] = sections_of(person) if person else []
    return render_template(
        "privacy/staff/request.html", row=row, person=person, sections=sections, form=correction,
        coming=coming_of(person, now()) if person else [],
    )  # fmt: skip


@doors.get(f"{PAGE}/{NAME}.zip")
@staff_only(Role.ADMINISTRATOR)
def show_extract(person_request_id: int) -> ResponseReturnValue:
    """The extract to hand over; that it was taken out is recorded."""
    row = request_by_id(person_request_id)
    if not row.address:
        flash("Personen är raderad, så det finns inget att ta ut.", "info")
        return redirect(url_for("privacy_staff.show_request", person_request_id=row.id))
    try:
        content = extract_file(row, now())
    except NoPdf:
        flash(
            "Det gick inte att göra PDF på den här servern. Be den som sköter driften köra eventsys check.", "warning"
        )
        return redirect(url_for("privacy_staff.show_request", person_request_id=row.id))
    with transaction():
        note_extract(row, len(sections_of(person_at(row.address))))
    return download(content, "application/zip", f"{NAME}.zip")
