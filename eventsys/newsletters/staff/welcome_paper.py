"""Doors: a round's welcome letters on paper: the PDF for window envelopes, made by a worker, and the address file."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.errors import Refused
from eventsys.forms import Form
from eventsys.newsletters.actors import make_welcome_paper
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, round_page
from eventsys.newsletters.welcome import paper
from eventsys.newsletters.welcome.address_file import take_out_addresses
from eventsys.newsletters.welcome.drawing import SAMPLE
from eventsys.newsletters.welcome.envelopes import window_of
from eventsys.newsletters.welcome.models import WelcomeRound
from eventsys.newsletters.welcome.queries import round_by_id
from eventsys.newsletters.welcome.settings import welcome_settings
from eventsys.paging import ID
from eventsys.sheets import MIME, FileKind
from eventsys.staff.guards import may_enter, signed_in, staff_only

PATH = f"/valkomstbrev/<{ID}:round_id>/papper"
PAGE = "newsletters_staff.show_welcome_paper"
LATER = "senare"
"""Says that only those are meant whose letter by e-mail did not come."""
MOST_NAMES = 50
NO_PDF = "Servern kan inte göra PDF. Be den som sköter servern att köra eventsys check."


@doors.get(PATH)
@staff_only(*WRITERS)
def show_welcome_paper(round_id: int) -> ResponseReturnValue:
    """How many letters, how they are printed, and the files. Names only for those who may take lists out."""
    found, settings = round_by_id(round_id), welcome_settings()
    people, takes_lists = paper.on_paper(found), may_enter(signed_in(), frozenset(LIST_TAKERS))
    cut = paper.shortened(people, window_of(settings))
    return round_page(
        "welcome_paper", found, "show_welcome_paper", number=len(people), later=len(paper.on_paper(found, True)),
        is_printable=paper.is_printable(found), takes_lists=takes_lists, cut=cut, cut_names=cut[:MOST_NAMES],
        settings=settings, window=window_of(settings), at_once=paper.AT_ONCE, form=Form(formdata=None),
        **_asked_for(found),
    )  # fmt: skip


def _asked_for(found: WelcomeRound) -> dict[str, Any]:
    settings = welcome_settings()
    return {"papers": [(one, paper.is_outdated(one, found, settings)) for one in paper.papers_of(found)]}


@doors.get(f"{PATH}/laget")
@staff_only(*LIST_TAKERS)
def show_welcome_papers(round_id: int) -> ResponseReturnValue:
    """The part of the page that moves: how far the papers are that were asked for."""
    found = round_by_id(round_id)
    return render_template("newsletters/staff/_welcome_papers.html", round=found, **_asked_for(found))


@doors.get(f"{PATH}/prov.pdf")
@staff_only(*WRITERS)
def show_welcome_sample(round_id: int) -> ResponseReturnValue:
    """The letter as it is now, to an invented company: to be read before it is approved."""
    found = round_by_id(round_id)
    try:
        content = paper.sample(found, SAMPLE, welcome_settings(), now())
    except Refused as refusal:
        return _back(round_id, str(refusal))
    except documents.NoPdf:
        return _back(round_id, NO_PDF)
    return download(content, paper.PDF, paper.file_name(found, "prov", "pdf"))


@doors.post(PATH)
@staff_only(*LIST_TAKERS)
def submit_welcome_paper(round_id: int) -> ResponseReturnValue:
    """Few letters: the file itself. Many: it is asked for, and the page says how far it is."""
    found, settings, is_later = round_by_id(round_id), welcome_settings(), LATER in request.form
    people = paper.on_paper(found, is_later)
    try:
        paper.check_printable(found, people)
        letter = paper.letter_of_round(found, settings, now())
        if len(people) <= paper.AT_ONCE:
            return _taken_out(found, paper.made_at_once(found, people, letter, settings), len(people))
        with transaction():
            asked = paper.ask_for_paper(found, letter, settings, signed_in().name, now(), is_later)
            make_welcome_paper.ring_after_commit(asked.id)
    except Refused as refusal:
        return _back(round_id, str(refusal))
    except documents.NoPdf:
        return _back(round_id, NO_PDF)
    flash(f"{len(people)} brev görs nu. Du kan lämna sidan.", "info")
    return redirect(url_for(PAGE, round_id=round_id, _anchor="papper"))


@doors.get(f"{PATH}/<{ID}:pdf_id>.pdf")
@staff_only(*LIST_TAKERS)
def show_welcome_pdf(round_id: int, pdf_id: int) -> ResponseReturnValue:
    found = round_by_id(round_id)
    ready = paper.ready_paper(found, pdf_id, welcome_settings())
    return _taken_out(found, ready.content or b"", ready.total)


def _taken_out(found: WelcomeRound, content: bytes, letters: int) -> ResponseReturnValue:
    with transaction():
        paper.note_taken_out(found.id, letters)
    return download(content, paper.PDF, paper.file_name(found, "brev", "pdf"))


@doors.get(f"{PATH}/adresser.<kind>")
@staff_only(*LIST_TAKERS)
def show_welcome_addresses(round_id: int, kind: str) -> ResponseReturnValue:
    """The addresses for a printer, as .xlsx or .csv."""
    if kind not in tuple(FileKind):
        abort(404)
    found, file_kind = round_by_id(round_id), FileKind(kind)
    try:
        with transaction():
            content = take_out_addresses(found, file_kind, LATER in request.args)
    except Refused as refusal:
        return _back(round_id, str(refusal))
    return download(content, MIME[file_kind], paper.file_name(found, "adresser", kind))


def _back(round_id: int, why: str) -> ResponseReturnValue:
    flash(why, "warn")
    return redirect(url_for(PAGE, round_id=round_id))
