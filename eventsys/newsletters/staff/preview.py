"""Doors: the letter as readers get it, in every form, and as a test to colleagues."""

from __future__ import annotations

from enum import StrEnum

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.forms import Form
from eventsys.mail.framing import framed
from eventsys.mail.splice import Rendered
from eventsys.newsletters.addresses import picture_url, sign_up_path
from eventsys.newsletters.archive.showing import issue_view
from eventsys.newsletters.issues.proofs import NoLongerAsked, proof_by_id, rendered_of
from eventsys.newsletters.issues.queries import editors, issue_by_id
from eventsys.newsletters.issues.rendering import letter_of
from eventsys.newsletters.issues.trying import send_test, with_examples
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page, section_page
from eventsys.staff.guards import signed_in, staff_only

_DARK = "@media (prefers-color-scheme: dark)"


class Look(StrEnum):
    """How the letter is looked at, as the address says it."""

    WIDE = "bred"
    PHONE = "telefon"
    DARK = "mork"
    TEXT = "text"
    WEB = "webb"


_LABELS = {
    Look.WIDE: "Bred", Look.PHONE: "Telefon", Look.DARK: "Mörk", Look.TEXT: "Bara text", Look.WEB: "Webbsida",
}  # fmt: skip


@doors.get("/nummer/<int:issue_id>/forhandsvisning")
@staff_only(*WRITERS)
def show_preview(issue_id: int) -> ResponseReturnValue:
    issue, wanted = issue_by_id(issue_id), request.args.get("som", Look.WIDE, type=Look)
    letter = with_examples(letter_of(issue)) if issue.articles else None
    address = "newsletters_staff.show_preview"
    return issue_page(
        "preview",
        issue,
        "show_preview",
        letter=letter,
        wanted=wanted.value,
        forms=[
            {"label": _LABELS[one], "url": url_for(address, issue_id=issue_id, som=one.value), "current": one is wanted}
            for one in Look
        ],
        colleagues=editors(),
        me=signed_in().id,
        form=Form(formdata=None),
    )


@doors.get("/nummer/<int:issue_id>/brev")
@staff_only(*WRITERS)
def show_issue_letter(issue_id: int) -> Response:
    """The letter as it is now, for a frame; `?som=mork` as a program in dark mode shows it."""
    return _framed(letter_of(issue_by_id(issue_id)))


@doors.get("/nummer/<int:issue_id>/webbsida")
@staff_only(*WRITERS)
def show_web_page(issue_id: int) -> ResponseReturnValue:
    """The issue as it will stand in the archive, also before anybody else can see it."""
    view = issue_view(issue_by_id(issue_id))
    return render_template("newsletters/issue.html", view=view, before=None, after=None, sign_up=sign_up_path())


@doors.get("/nummer/<int:issue_id>/korrektur/<int:proof_id>/brev")
@staff_only(*WRITERS)
def show_proof_letter(issue_id: int, proof_id: int) -> Response:
    """The letter as it was frozen in a proof, for a frame."""
    try:
        return _framed(rendered_of(proof_by_id(issue_id, proof_id)))
    except NoLongerAsked as refusal:
        raise NotFound from refusal


def _framed(letter: Rendered) -> Response:
    return framed_letter(with_examples(letter))


def framed_letter(letter: Rendered) -> Response:
    """A letter with its examples, for a frame; `?som=mork` as a program in dark mode shows it.

    Pictures are fetched from the address that the page was opened at, which need not be the public one.
    """
    html = letter.html.replace(f'src="{picture_url("")}', 'src="/bild/')
    if request.args.get("som") == Look.DARK:
        html = html.replace(_DARK, "@media all")
    return framed(html)


@doors.post("/nummer/<int:issue_id>/prov")
@staff_only(*WRITERS)
def submit_test(issue_id: int) -> ResponseReturnValue:
    """Send the letter as it is now to the chosen colleagues (`till`, their account ids)."""
    try:
        with transaction():
            sent = send_test(issue_id, request.form.getlist("till", type=int), now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        letters = "1 provbrev är" if sent == 1 else f"{sent} provbrev är"
        flash(f"{letters} på väg." if sent else "Provbrevet är redan på väg.", "good")
    return redirect(url_for("newsletters_staff.show_preview", issue_id=issue_id))


@doors.get("/exempel")
@staff_only(*WRITERS)
def show_example() -> ResponseReturnValue:
    """Where the personal links of previews and test letters lead (`?lank=` says which)."""
    return section_page("example", "", what=request.args.get("lank", ""))
