"""Doors: what is to be known before an issue is sent, and four eyes: asking, reading the exact letter, judging it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.fields import TextField
from eventsys.forms import Form, at_most, required
from eventsys.newsletters.issues import proofs
from eventsys.newsletters.issues.changing import why_fixed
from eventsys.newsletters.issues.checking import CHECKS, Verdict, checks_of
from eventsys.newsletters.issues.queries import issue_by_id, names_of
from eventsys.newsletters.issues.trying import with_examples
from eventsys.newsletters.sending.checks import RECIPIENT_CHECKS
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page
from eventsys.staff.guards import signed_in, staff_only

CHECKING = "newsletters_staff.show_checks"


class ReturnForm(Form):
    remark = TextField(
        "Vad ska ändras?",
        [required("Skriv vad som ska ändras, så vet den som skriver."), at_most(proofs.LONGEST_REMARK)],
    )


@doors.get("/nummer/<int:issue_id>/kontroll")
@staff_only(*WRITERS)
def show_checks(issue_id: int) -> ResponseReturnValue:
    issue = issue_by_id(issue_id)
    checks, standing = checks_of(issue, (*CHECKS, *RECIPIENT_CHECKS)), proofs.standing_of(issue)
    proof = standing.proof
    return issue_page(
        "checks",
        issue,
        "show_checks",
        stops=[one for one in checks if one.verdict is Verdict.STOP],
        thoughts=[one for one in checks if one.verdict is Verdict.THINK],
        good=[one for one in checks if one.verdict is Verdict.GOOD],
        standing=standing,
        why_not_yours=proofs.why_not_yours(issue, proof, signed_in().id) if proof else "",
        names=names_of([proof.asked_by, proof.judged_by] if proof else []),
        fixed=why_fixed(issue),
        form=Form(formdata=None),
    )


@doors.post("/nummer/<int:issue_id>/korrektur")
@staff_only(*WRITERS)
def submit_question(issue_id: int) -> ResponseReturnValue:
    """Ask for approval of the letter as it is now."""
    try:
        with transaction():
            proofs.ask_for_approval(issue_id, signed_in().id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(
            "Numret väntar på godkännande. Det står under Väntar på dig hos alla som får godkänna. "
            "Säg gärna till någon av dem.",
            "good",
        )
    return redirect(url_for(CHECKING, issue_id=issue_id))


@doors.get("/nummer/<int:issue_id>/korrektur/<int:proof_id>")
@staff_only(*WRITERS)
def show_proof(issue_id: int, proof_id: int) -> ResponseReturnValue:
    """The exact letter that somebody asks about, and the two answers."""
    try:
        return _proof_page(issue_id, proof_id, ReturnForm(formdata=None))
    except proofs.NoLongerAsked as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(CHECKING, issue_id=issue_id))


def _proof_page(issue_id: int, proof_id: int, form: ReturnForm) -> str:
    issue, proof = issue_by_id(issue_id), proofs.proof_by_id(issue_id, proof_id)
    standing = proofs.standing_of(issue)
    return issue_page(
        "proof",
        issue,
        "show_checks",
        proof=proof,
        letter=with_examples(proofs.rendered_of(proof)),
        is_open=standing.waits and standing.proof is proof and not why_fixed(issue),
        why_not_yours=proofs.why_not_yours(issue, proof, signed_in().id),
        names=names_of([proof.asked_by, proof.judged_by]),
        form=form,
    )


@doors.post("/nummer/<int:issue_id>/korrektur/<int:proof_id>/godkann")
@staff_only(*WRITERS)
def submit_approval(issue_id: int, proof_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            proofs.approve(issue_id, proof_id, signed_in().id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash("Brevet är godkänt. Ändras något i numret behövs ett nytt godkännande.", "good")
    return redirect(url_for(CHECKING, issue_id=issue_id))


@doors.post("/nummer/<int:issue_id>/korrektur/<int:proof_id>/lamna-tillbaka")
@staff_only(*WRITERS)
def submit_return(issue_id: int, proof_id: int) -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate_on_submit():
        return _proof_page(issue_id, proof_id, form), 422
    try:
        with transaction():
            proofs.return_with_remark(issue_id, proof_id, signed_in().id, form.remark.data, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash("Numret är tillbakalämnat, med det du skrev.", "good")
    return redirect(url_for(CHECKING, issue_id=issue_id))
