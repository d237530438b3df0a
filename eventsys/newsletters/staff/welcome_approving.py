"""Doors: four eyes for a round of welcome letters: asking, reading the list and the exact letter, judging them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.documents import NoPdf
from eventsys.errors import NotFound, Refused
from eventsys.forms import Form
from eventsys.newsletters.issues.proofs import NoLongerAsked
from eventsys.newsletters.issues.queries import names_of
from eventsys.newsletters.staff.doors import WRITERS, doors, round_page
from eventsys.newsletters.staff.preview import framed_letter
from eventsys.newsletters.staff.welcome import PATH
from eventsys.newsletters.staff.welcome_forms import RemarkForm
from eventsys.newsletters.welcome import approving, reopening
from eventsys.newsletters.welcome.cohort import numbers_of, places_of
from eventsys.newsletters.welcome.drawing import LetterTooLong
from eventsys.newsletters.welcome.letters import example_of
from eventsys.newsletters.welcome.models import RoundState, WelcomeRound
from eventsys.newsletters.welcome.paper import letter_of_round
from eventsys.newsletters.welcome.queries import round_by_id
from eventsys.newsletters.welcome.rendering import letter_of
from eventsys.newsletters.welcome.settings import welcome_settings
from eventsys.staff.guards import signed_in, staff_only

APPROVAL = "newsletters_staff.show_welcome_approval"


@doors.get(f"{PATH}/godkannande")
@staff_only(*WRITERS)
def show_welcome_approval(round_id: int) -> ResponseReturnValue:
    """Who asked, the frozen letter, and what whoever looks may do."""
    found = round_by_id(round_id)
    return _page(found, RemarkForm(formdata=None, data={"version": found.version}))


def _page(found: WelcomeRound, form: RemarkForm) -> str:
    counted = numbers_of(places_of(found))
    letters = counted.email + counted.paper
    is_draft, is_frozen = found.state is RoundState.DRAFT, found.letter is not None
    return round_page(
        "welcome_approval",
        found,
        "show_welcome_approval",
        numbers=counted,
        hindrances=approving.hindrances(found, letters, now()) if is_draft else [],
        is_outdated=is_frozen and found.state is not RoundState.SENT and letter_of(found).sha256 != found.sha256,
        is_frozen=is_frozen,
        why_not_yours=approving.why_not_yours(found, signed_in().id),
        names=names_of([found.asked_by, found.approved_by, found.changed_by]),
        form=form,
        press=Form(formdata=None),
    )


@doors.get(f"{PATH}/godkannande/brev")
@staff_only(*WRITERS)
def show_welcome_frozen_letter(round_id: int) -> Response:
    """The letter as it was frozen, for a frame."""
    try:
        return framed_letter(example_of(approving.rendered_of(round_by_id(round_id))))
    except NoLongerAsked as refusal:
        raise NotFound from refusal


def _pressed(round_id: int, act: Callable[[], object], said: str) -> ResponseReturnValue:
    try:
        with transaction():
            act()
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(said, "good")
    return redirect(url_for(APPROVAL, round_id=round_id))


@doors.post(f"{PATH}/godkannande/fraga")
@staff_only(*WRITERS)
def submit_welcome_question(round_id: int) -> ResponseReturnValue:
    """A letter that is to be printed has to fit on a sheet. Drawing it takes a moment: it is tried before the lock."""
    account, found = signed_in(), round_by_id(round_id)
    try:
        _try_on_paper(found)
    except LetterTooLong as refusal:
        flash(f"{refusal} Några i omgången får brevet på papper.", "warn")
        return redirect(url_for(APPROVAL, round_id=round_id))
    said = "Omgången väntar på godkännande. Den står under Väntar på dig hos alla som får godkänna."
    return _pressed(
        round_id, lambda: approving.ask_for_approval(round_id, account.id, account.name, now()), said
    )  # fmt: skip


def _try_on_paper(found: WelcomeRound) -> None:
    """Raises LetterTooLong. A machine that draws no PDF says so where the paper is asked for."""
    if found.state is RoundState.DRAFT and numbers_of(places_of(found)).paper:
        with contextlib.suppress(NoPdf):
            letter_of_round(found, welcome_settings(), now())


@doors.post(f"{PATH}/godkannande/godkann")
@staff_only(*WRITERS)
def submit_welcome_approval(round_id: int) -> ResponseReturnValue:
    version, account_id = _version(), signed_in().id
    said = "Omgången är godkänd. Ändras listan eller brevet behövs ett nytt godkännande."
    return _pressed(round_id, lambda: approving.approve(round_id, version, account_id, now()), said)


def _version() -> int:
    """The version of the round that the page showed; 0, which none has, for anything else."""
    written = str(RemarkForm().version.data or "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


@doors.post(f"{PATH}/godkannande/lamna-tillbaka")
@staff_only(*WRITERS)
def submit_welcome_return(round_id: int) -> ResponseReturnValue:
    form, account_id = RemarkForm(), signed_in().id
    if not form.validate_on_submit():
        return _page(round_by_id(round_id), form), 422
    remark, version = form.remark.data, _version()
    said = "Omgången är tillbakalämnad, med det du skrev."
    return _pressed(round_id, lambda: approving.return_with_remark(round_id, version, account_id, remark), said)


@doors.post(f"{PATH}/andra")
@staff_only(*WRITERS)
def submit_welcome_reopening(round_id: int) -> ResponseReturnValue:
    """A round that waits or is approved is a draft again."""
    account_id = signed_in().id
    said = "Omgången är ett utkast igen. Be om ett nytt godkännande när den är klar."
    return _pressed(round_id, lambda: reopening.reopen(round_id, account_id, now()), said)
