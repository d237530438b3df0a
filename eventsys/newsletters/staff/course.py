"""Doors: the course of a sending. Pause, go on, release, cancel, and what is done about letters that stopped."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.forms import Form
from eventsys.i18n import number
from eventsys.mail.mailings import course, mending
from eventsys.mail.models import Mailing
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.sending import scheduling
from eventsys.newsletters.sending.issues import issue_for_sending, mailing_of
from eventsys.newsletters.sending.progress import progress
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page
from eventsys.newsletters.staff.sending import PAGE, TAB
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

PATH = f"/nummer/<{ID}:issue_id>/utskick"


def _mailing(issue_id: int) -> tuple[Issue, Mailing]:
    issue = issue_for_sending(issue_id)
    mailing = mailing_of(issue)
    if mailing is None:
        raise NotFound
    return issue, mailing


def _pressed(issue_id: int, act: Callable[[int], str]) -> ResponseReturnValue:
    """Do it to the issue's mailing, and say what was done, or why not."""
    _issue, mailing = _mailing(issue_id)
    try:
        with transaction():
            said = act(mailing.id)
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(said, "good")
    return redirect(url_for(PAGE, issue_id=issue_id))


@doors.post(f"{PATH}/pausa")
@staff_only(*WRITERS)
def submit_pause(issue_id: int) -> ResponseReturnValue:
    def pause(mailing_id: int) -> str:
        course.pause(mailing_id)
        return "Utskicket är pausat. Inget mer brev går förrän du låter det fortsätta."

    return _pressed(issue_id, pause)


@doors.post(f"{PATH}/fortsatt")
@staff_only(*WRITERS)
def submit_going_on(issue_id: int) -> ResponseReturnValue:
    def go_on(mailing_id: int) -> str:
        course.go_on(mailing_id)
        return "Utskicket fortsätter."

    return _pressed(issue_id, go_on)


@doors.get(f"{PATH}/slapp")
@staff_only(*WRITERS)
def show_release(issue_id: int) -> ResponseReturnValue:
    """Asks before the rest leaves at once; when nothing is held any more, the ledger says how it stands."""
    issue, mailing = _mailing(issue_id)
    found = progress(mailing)
    if not found.is_held:
        return redirect(url_for(PAGE, issue_id=issue_id))
    return issue_page("sending_release", issue, TAB, progress=found, form=Form(formdata=None))


@doors.post(f"{PATH}/slapp")
@staff_only(*WRITERS)
def submit_release(issue_id: int) -> ResponseReturnValue:
    def release(mailing_id: int) -> str:
        course.release(mailing_id)
        return "Resten går nu, utan att vänta."

    return _pressed(issue_id, release)


@doors.get(f"{PATH}/avbryt")
@staff_only(*WRITERS)
def show_cancelling(issue_id: int) -> ResponseReturnValue:
    """Asks before the rest is stopped for good."""
    issue, mailing = _mailing(issue_id)
    return issue_page("sending_cancel", issue, TAB, progress=progress(mailing), form=Form(formdata=None))


@doors.post(f"{PATH}/avbryt")
@staff_only(*WRITERS)
def submit_cancelling(issue_id: int) -> ResponseReturnValue:
    def cancel(mailing_id: int) -> str:
        stopped = course.cancel(mailing_id)
        return f"Utskicket är avbrutet. {number(stopped)} brev stoppades."

    return _pressed(issue_id, cancel)


@doors.get(f"{PATH}/gor-om")
@staff_only(*WRITERS)
def show_beginning_anew(issue_id: int) -> ResponseReturnValue:
    """Asks before a cancelled sending makes way for a new one."""
    issue, mailing = _mailing(issue_id)
    return issue_page("sending_anew", issue, TAB, progress=progress(mailing), form=Form(formdata=None))


@doors.post(f"{PATH}/gor-om")
@staff_only(*WRITERS)
def submit_beginning_anew(issue_id: int) -> ResponseReturnValue:
    def begin(_mailing_id: int) -> str:
        scheduling.begin_anew(issue_id)
        return "Numret är ett utkast igen. De som redan har fått det får det inte en gång till."

    return _pressed(issue_id, begin)


# --- letters that stopped on the way -------------------------------------------------------------------------------


def _letters(how_many: int, one: str, several: str) -> str:
    """`1 okänt brev`, `2 okända brev`."""
    return f"{number(how_many)} {one if how_many == 1 else several} brev"


@doors.post(f"{PATH}/uppskjutna")
@staff_only(*WRITERS)
def submit_deferred_now(issue_id: int) -> ResponseReturnValue:
    def try_now(mailing_id: int) -> str:
        return f"{_letters(mending.try_deferred_now(mailing_id), 'uppskjutet', 'uppskjutna')} prövas nu."

    return _pressed(issue_id, try_now)


@doors.get(f"{PATH}/okanda")
@staff_only(*WRITERS)
def show_unknown(issue_id: int) -> ResponseReturnValue:
    """What to do about letters of which nobody knows whether they came."""
    issue, mailing = _mailing(issue_id)
    return issue_page("unknown_letters", issue, TAB, progress=progress(mailing), form=Form(formdata=None))


@doors.post(f"{PATH}/okanda/skickade")
@staff_only(*WRITERS)
def submit_unknown_sent(issue_id: int) -> ResponseReturnValue:
    def treat(mailing_id: int) -> str:
        treated = mending.treat_unknown_as_sent(mailing_id)
        return f"{_letters(treated, 'okänt', 'okända')} räknas nu som {'skickat' if treated == 1 else 'skickade'}."

    return _pressed(issue_id, treat)


@doors.post(f"{PATH}/okanda/igen")
@staff_only(*WRITERS)
def submit_unknown_again(issue_id: int) -> ResponseReturnValue:
    def send(mailing_id: int) -> str:
        return f"{_letters(mending.send_unknown_again(mailing_id), 'okänt', 'okända')} skickas en gång till."

    return _pressed(issue_id, send)


@doors.post(f"{PATH}/brev/<{ID}:delivery_id>/igen")
@staff_only(*WRITERS)
def submit_letter_again(issue_id: int, delivery_id: int) -> ResponseReturnValue:
    def send(mailing_id: int) -> str:
        return f"Brevet till {mending.send_rejected_again(mailing_id, delivery_id)} prövas igen."

    return _pressed(issue_id, send)
