"""All letters, one letter's fate, what came back, and the mail server."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import transaction
from eventsys.desk import ledger
from eventsys.desk.fates import steps_of
from eventsys.desk.forms import LetterFilterForm
from eventsys.desk.ledger import LetterFilter
from eventsys.desk.returns import KEYS, MOST, numbers, refusals, returns
from eventsys.desk.sight import ALL_LETTERS, SOME_LETTERS, sees_all_letters
from eventsys.desk.staff.doors import doors, page_of
from eventsys.mail import delivery
from eventsys.mail.queries import history, relay_status
from eventsys.mail.restored import NothingWaits, release_letters, waits_since
from eventsys.mail.suppression import suppression_of
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/brev")
@staff_only(*SOME_LETTERS)
def show_letters() -> ResponseReturnValue:
    """All letters, newest first, with the ledger that adds up."""
    form = LetterFilterForm(request.args)
    form.offer_kinds(sorted(current_app.extensions.get("eventsys_letters", {})))
    wanted = form.wanted if form.validate() else LetterFilter()
    account = signed_in()
    page = ledger.letter_page(account, wanted, request.args.get("sida", 1, type=int))
    return render_template(
        "desk/letters.html", form=form, wanted=wanted, page=page, counts=ledger.counts(account, wanted),
        relay=relay_status() if sees_all_letters(account) else None,
        refusals=refusals(now()) if sees_all_letters(account) else None,
        restored=waits_since() if sees_all_letters(account) else None,
    )  # fmt: skip


@doors.get(f"/brev/<{ID}:letter_id>")
@staff_only(*SOME_LETTERS)
def show_letter(letter_id: int) -> ResponseReturnValue:
    """One letter's fate."""
    account = signed_in()
    letter = ledger.letter_by_id(account, letter_id)
    suppression = suppression_of(letter.address) if sees_all_letters(account) else None
    return render_template(
        "desk/letter.html", letter=letter, steps=steps_of(history(letter.id)), suppression=suppression,
        about_url=_page_about(letter.about),
    )  # fmt: skip


def _page_about(about: str) -> str | None:
    """The booking that a letter is about, when there is a page for it."""
    kind, _, number = about.partition(":")
    if kind != "registration" or not number.isdigit():
        return None
    return page_of("events_staff.show_registration", registration_id=int(number))


@doors.post("/brev/brevserver")
@staff_only(*ALL_LETTERS)
def submit_try_relay() -> ResponseReturnValue:
    """Go on sending through a mail server that was stopped."""
    with transaction():
        delivery.try_relay_now(request.form.get("name", ""))
    flash("Vi försöker igen nu. Går det inte stannar det av sig självt, och orsaken syns här.", "success")
    return redirect(url_for("desk.show_letters"))


@doors.post("/brev/efter-aterstallning")
@staff_only(*ALL_LETTERS)
def submit_release_letters() -> ResponseReturnValue:
    """After a backup was restored: what goes by the clock goes again."""
    try:
        with transaction():
            release_letters()
    except NothingWaits as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Klockan skickar igen. Brev som är okända och utskick som är pausade väntar på dig.", "success")
    return redirect(url_for("desk.show_letters"))


@doors.get("/brev/returer")
@staff_only(*ALL_LETTERS)
def show_returns() -> ResponseReturnValue:
    """What came back, by whose fault it was."""
    at, chosen = now(), request.args.get("slag", "")
    kind = KEYS.get(chosen)
    return render_template(
        "desk/returns.html", returns=returns(at, kind), numbers=numbers(at), refusals=refusals(at), kinds=KEYS,
        chosen=chosen if kind else "", most=MOST, has_mailbox=bool(settings().bounce_mailbox_url),
    )  # fmt: skip
