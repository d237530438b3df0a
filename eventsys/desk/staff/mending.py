"""Letters that stopped on the way: one or several are dealt with."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.desk import mending
from eventsys.desk.sight import SOME_LETTERS
from eventsys.desk.staff.doors import doors
from eventsys.paging import BIGGEST_ID
from eventsys.staff.guards import signed_in, staff_only


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
