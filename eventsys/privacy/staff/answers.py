"""Doors: answering a request. Done, corrected, refused, or the person is forgotten."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.fields import refuse
from eventsys.paging import ID
from eventsys.privacy.answering import AlreadyAnswered, answer_done, answer_no, correct
from eventsys.privacy.erasing import SomethingComing, decide_to_erase
from eventsys.privacy.models import PersonRequest
from eventsys.privacy.queries import coming_of, person_at, remains_of, request_by_id, sections_of
from eventsys.privacy.staff.doors import doors
from eventsys.privacy.staff.forms import CorrectionForm, ErasingForm, RefusalForm
from eventsys.privacy.staff.requests import request_page
from eventsys.staff.guards import signed_in, staff_only
from eventsys.staff.models import Role

PAGE = f"/<{ID}:person_request_id>"


def _back(person_request_id: int) -> ResponseReturnValue:
    return redirect(url_for("privacy_staff.show_request", person_request_id=person_request_id))


@doors.post(f"{PAGE}/klar")
@staff_only(Role.ADMINISTRATOR)
def submit_done(person_request_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            answer_done(person_request_id, signed_in().actor, now())
    except AlreadyAnswered as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Begäran är klar. Personen får ett brev om det.", "success")
    return _back(person_request_id)


@doors.post(f"{PAGE}/ratta")
@staff_only(Role.ADMINISTRATOR)
def submit_correction(person_request_id: int) -> ResponseReturnValue:
    form = CorrectionForm()
    if not form.validate_on_submit():
        return request_page(request_by_id(person_request_id), form), 422
    try:
        with transaction():
            changed = correct(person_request_id, form.correction)
    except AlreadyAnswered as refusal:
        flash(str(refusal), "warning")
    else:
        flash(_corrected(changed), "success" if changed else "warning")
    return _back(person_request_id)


def _corrected(changed: int) -> str:
    if not changed:
        return "Inget ändrades: personen står ingenstans med ett eget namn eller nummer."
    places = "1 ställe" if changed == 1 else f"{changed} ställen"
    return f"Rättat på {places}. Kontrollera nedan, och säg sedan att begäran är klar."


# --- no -----------------------------------------------------------------------------------------------------------


@doors.get(f"{PAGE}/avsla")
@staff_only(Role.ADMINISTRATOR)
def show_refusing(person_request_id: int) -> ResponseReturnValue:
    row = request_by_id(person_request_id)
    return _refusing(row, RefusalForm()) if row.is_open else _back(row.id)


def _refusing(row: PersonRequest, form: RefusalForm) -> str:
    return render_template("privacy/staff/refuse.html", row=row, form=form)


@doors.post(f"{PAGE}/avsla")
@staff_only(Role.ADMINISTRATOR)
def submit_refusing(person_request_id: int) -> ResponseReturnValue:
    form = RefusalForm()
    if not form.validate_on_submit():
        return _refusing(request_by_id(person_request_id), form), 422
    try:
        with transaction():
            answer_no(person_request_id, form.reason.data or "", signed_in().actor, now())
    except AlreadyAnswered as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Personen får ett brev med skälet och hur beslutet överklagas.", "success")
    return _back(person_request_id)


# --- forgetting ---------------------------------------------------------------------------------------------------


@doors.get(f"{PAGE}/radera")
@staff_only(Role.ADMINISTRATOR)
def show_erasing(person_request_id: int) -> ResponseReturnValue:
    """What goes, what remains and why, before anybody decides."""
    row = request_by_id(person_request_id)
    return _erasing(row, ErasingForm()) if row.is_open else _back(row.id)


def _erasing(row: PersonRequest, form: ErasingForm) -> str:
    person = person_at(row.address)
    return render_template(
        "privacy/staff/erase.html", row=row, form=form, person=person, sections=sections_of(person),
        remains=remains_of(person), coming=coming_of(person, now()),
    )  # fmt: skip


@doors.post(f"{PAGE}/radera")
@staff_only(Role.ADMINISTRATOR)
def submit_erasing(person_request_id: int) -> ResponseReturnValue:
    form = ErasingForm()
    if not form.validate_on_submit():
        row = request_by_id(person_request_id)
        return (_erasing(row, form), 422) if row.is_open else _back(row.id)
    try:
        with transaction():
            decide_to_erase(person_request_id, signed_in().actor, now())
    except AlreadyAnswered as refusal:
        flash(str(refusal), "warning")
    except SomethingComing as refusal:
        refuse(form, refusal)
        return _erasing(request_by_id(person_request_id), form), 409
    else:
        flash("Beslutat. Det sista brevet skickas nu, och när det har gått raderas personen av sig själv.", "success")
    return _back(person_request_id)
