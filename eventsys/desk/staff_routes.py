"""Doors of the staff's desk: the page of the day, searching, all letters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.database import transaction
from eventsys.desk import caught, ledger, mending, words
from eventsys.desk.caught import View, catches_letters
from eventsys.desk.fates import steps_of
from eventsys.desk.forms import LetterFilterForm, SuppressionForm
from eventsys.desk.ledger import LetterFilter
from eventsys.desk.returns import KEYS, MOST, numbers, refusals, returns
from eventsys.desk.search import MOST_SHOWN, SHORTEST, is_long_enough, search
from eventsys.desk.sight import ALL_LETTERS, SOME_LETTERS, sees_all_letters
from eventsys.desk.today import today
from eventsys.errors import NotFound
from eventsys.events.access import PLANNERS, within_reach
from eventsys.events.attendance.history import company_history
from eventsys.forms import squeeze
from eventsys.mail import delivery
from eventsys.mail.catcher import CaughtLetter, caught_letter, caught_letters
from eventsys.mail.framing import framed
from eventsys.mail.queries import history, relay_status
from eventsys.mail.suppression import AlreadyLifted, AlreadySuppressed, lift, suppress, suppression_of
from eventsys.staff.guards import current_staff, may_enter, signed_in, staff_only

doors = Blueprint("desk", __name__, url_prefix="/personal")

LONGEST_QUERY = 100
BIGGEST_ID = 2**31 - 1
ID = f"int(max={BIGGEST_ID})"


@doors.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "page_of": page_of, "at": now(), "catches_letters": catches_letters()}


def page_of(endpoint: str, **values: Any) -> str | None:
    """The address of another slice's page, when there is such a page and the person signed in may open it."""
    view, account = current_app.view_functions.get(endpoint), current_staff()
    if view is None or account is None or not may_enter(account, getattr(view, "guarded_for", frozenset())):
        return None
    return url_for(endpoint, **values)


@doors.get("")
@staff_only()
def show_today() -> ResponseReturnValue:
    """What happens next, what waits for me, what went wrong."""
    at = now()
    week = local(at).isocalendar().week
    return render_template("desk/today.html", today=today(signed_in(), at), week=week)


@doors.get("/sok")
@staff_only()
def show_search() -> ResponseReturnValue:
    """Everything that holds the words, as far as the person may see it."""
    query = squeeze(request.args.get("q", ""))[:LONGEST_QUERY]
    found = search(signed_in(), query, now()) if is_long_enough(query) else None
    return render_template("desk/search.html", q=query, found=found, shortest=SHORTEST, most=MOST_SHOWN)


# --- letters ------------------------------------------------------------------------------------------------------


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


# --- letters that stopped on the way: one or several ---------------------------------------------------------------


@doors.get("/brev/rakna-som-skickade")
@staff_only(*SOME_LETTERS)
def show_treat_as_sent() -> ResponseReturnValue:
    """Asks before unknown letters count as sent."""
    return _ask("desk/treat_as_sent.html")


@doors.post("/brev/rakna-som-skickade")
@staff_only(*SOME_LETTERS)
def submit_treat_as_sent() -> ResponseReturnValue:
    with transaction():
        dealt = mending.treat_as_sent(signed_in(), _ids(request.form))
    return _dealt(dealt, "1 brev räknas nu som skickat.", f"{dealt.done} brev räknas nu som skickade.")


@doors.get("/brev/skicka-igen")
@staff_only(*SOME_LETTERS)
def show_send_again() -> ResponseReturnValue:
    """Asks before letters are sent once more."""
    return _ask("desk/send_again.html")


@doors.post("/brev/skicka-igen")
@staff_only(*SOME_LETTERS)
def submit_send_again() -> ResponseReturnValue:
    with transaction():
        dealt = mending.send_again(signed_in(), _ids(request.form))
    return _dealt(dealt, "1 brev är på väg igen.", f"{dealt.done} brev är på väg igen.")


def _ids(sent: Any) -> list[int]:
    return [each for each in sent.getlist("ids", type=int) if 0 < each <= BIGGEST_ID]


def _ask(template: str) -> str:
    letters = mending.chosen(signed_in(), _ids(request.args))
    if not letters:
        abort(404)
    return render_template(template, letters=letters)


def _dealt(dealt: mending.Dealt, one: str, several: str) -> ResponseReturnValue:
    if dealt.done:
        flash(one if dealt.done == 1 else several, "success")
    if dealt.passed:
        flash(f"{dealt.passed} brev var inte längre i det läge som sidan visade, och lämnades som de är.", "warning")
    ids = _ids(request.form)
    if len(ids) == 1:
        return redirect(url_for("desk.show_letter", letter_id=ids[0]))
    return redirect(url_for("desk.show_letters", lage="okanda"))


@doors.post("/brev/brevserver")
@staff_only(*ALL_LETTERS)
def submit_try_relay() -> ResponseReturnValue:
    """Go on sending through a mail server that was stopped."""
    with transaction():
        delivery.try_relay_now(request.form.get("name", ""))
    flash("Vi försöker igen nu. Går det inte stannar det av sig självt, och orsaken syns här.", "success")
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


# --- suppressed addresses -----------------------------------------------------------------------------------------


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
            address = lift(suppression_id, signed_in().actor).address
    except AlreadyLifted as refusal:
        flash(str(refusal), "warning")
    else:
        flash(f"{address} får brev igen.", "success")
    return redirect(url_for("desk.show_suppressions"))


# --- letters that the local catcher kept --------------------------------------------------------------------------


@doors.get("/brev/fangade")
@staff_only(*ALL_LETTERS)
def show_caught_letters() -> ResponseReturnValue:
    """The letters that were caught here instead of being sent, as a mail program lists them."""
    if not catches_letters():
        raise NotFound
    return render_template("desk/caught_letters.html", letters=caught_letters())


@doors.get("/brev/fangade/<name>")
@staff_only(*ALL_LETTERS)
def show_caught_letter(name: str) -> ResponseReturnValue:
    letter = _caught(name)
    views = caught.views_of(letter)
    view = request.args.get("visa", views[0], type=View)
    return render_template("desk/caught_letter.html", letter=letter, views=views, view=view)


@doors.get("/brev/fangade/<name>/html")
@staff_only(*ALL_LETTERS)
def show_caught_html(name: str) -> ResponseReturnValue:
    """What stands in the letter's frame."""
    return framed(_caught(name).html)


@doors.get("/brev/fangade/<name>/bilaga/<int:number>")
@staff_only(*ALL_LETTERS)
def show_caught_attachment(name: str, number: int) -> ResponseReturnValue:
    """Downloads a file that came with the letter."""
    attachments = _caught(name).attachments
    if number >= len(attachments):
        raise NotFound
    return caught.download(attachments[number])


def _caught(name: str) -> CaughtLetter:
    if not catches_letters():
        raise NotFound
    return caught_letter(name)


# --- one company --------------------------------------------------------------------------------------------------


@doors.get(f"/foretag/<{ID}:company_id>")
@staff_only(*PLANNERS)
def show_company(company_id: int) -> ResponseReturnValue:
    """Co-organisers see only what the company did in their series; nothing there answers as if it did not exist."""
    found = company_history(company_id, within_reach(signed_in(), now()))
    return render_template("desk/company.html", found=found)
