"""Addresses that get nothing from us."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.desk import ledger
from eventsys.desk.forms import SuppressionForm
from eventsys.desk.sight import ALL_LETTERS
from eventsys.desk.staff.doors import doors
from eventsys.mail.suppression import AlreadyLifted, AlreadySuppressed, lift, suppress
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/brev/sparrade")
@staff_only(*ALL_LETTERS)
def show_suppressions() -> ResponseReturnValue:
    """The addresses that get nothing from us, and why."""
    return _suppressions_page(SuppressionForm(address=request.args.get("adress", "")))


def _suppressions_page(form: SuppressionForm) -> str:
    return render_template(
        "desk/suppressions.html", form=form, active=ledger.suppressions(), lifted=ledger.lifted_suppressions()
    )


@doors.post("/brev/sparrade")
@staff_only(*ALL_LETTERS)
def submit_suppression() -> ResponseReturnValue:
    form = SuppressionForm()
    if not form.validate_on_submit():
        return _suppressions_page(form), 422
    try:
        with transaction():
            suppress(form.address.normal, form.reason.data)
    except AlreadySuppressed as refusal:
        form.address.errors = [*form.address.errors, str(refusal)]
        return _suppressions_page(form), 422
    flash(f"{form.address.normal} får inga fler brev.", "success")
    return redirect(url_for("desk.show_suppressions"))


@doors.get(f"/brev/sparrade/<{ID}:suppression_id>/ta-bort")
@staff_only(*ALL_LETTERS)
def show_lifting(suppression_id: int) -> ResponseReturnValue:
    """Asks before an address gets letters again."""
    return render_template("desk/lift.html", suppression=ledger.suppression_by_id(suppression_id))


@doors.post(f"/brev/sparrade/<{ID}:suppression_id>/ta-bort")
@staff_only(*ALL_LETTERS)
def submit_lifting(suppression_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            address = lift(suppression_id, signed_in().actor).shown_address
    except AlreadyLifted as refusal:
        flash(str(refusal), "warning")
    else:
        flash(f"{address} får brev igen.", "success")
    return redirect(url_for("desk.show_suppressions"))
