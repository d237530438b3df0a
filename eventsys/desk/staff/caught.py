"""Letters that the local catcher kept."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from eventsys.desk import caught
from eventsys.desk.caught import View, catches_letters
from eventsys.desk.sight import ALL_LETTERS
from eventsys.desk.staff.doors import doors
from eventsys.errors import NotFound
from eventsys.mail.catcher import CaughtLetter, caught_letter, caught_letters
from eventsys.mail.framing import framed
from eventsys.staff.guards import staff_only


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
