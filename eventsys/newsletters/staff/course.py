"""Doors: the course of an issue's sending. Pause, go on, release, cancel, and what to do about letters that stopped."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from eventsys.newsletters.sending import scheduling
from eventsys.newsletters.sending.progress import progress
from eventsys.newsletters.staff import mailing_pages as pages
from eventsys.newsletters.staff.doors import WRITERS, doors
from eventsys.newsletters.staff.ledger import sending_of
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

PATH = f"/nummer/<{ID}:issue_id>/utskick"


@doors.post(f"{PATH}/pausa")
@staff_only(*WRITERS)
def submit_pause(issue_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.pause)


@doors.post(f"{PATH}/fortsatt")
@staff_only(*WRITERS)
def submit_going_on(issue_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.go_on)


@doors.get(f"{PATH}/slapp")
@staff_only(*WRITERS)
def show_release(issue_id: int) -> ResponseReturnValue:
    """Asks before the rest leaves at once; when nothing is held any more, the ledger says how it stands."""
    of = sending_of(issue_id)
    if not progress(of.mailing).is_held:
        return redirect(of.url("ledger"))
    return pages.asking_page(of, "sending_release")


@doors.post(f"{PATH}/slapp")
@staff_only(*WRITERS)
def submit_release(issue_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.release)


@doors.get(f"{PATH}/avbryt")
@staff_only(*WRITERS)
def show_cancelling(issue_id: int) -> ResponseReturnValue:
    """Asks before the rest is stopped for good."""
    return pages.asking_page(sending_of(issue_id), "sending_cancel")


@doors.post(f"{PATH}/avbryt")
@staff_only(*WRITERS)
def submit_cancelling(issue_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.cancel)


@doors.get(f"{PATH}/gor-om")
@staff_only(*WRITERS)
def show_beginning_anew(issue_id: int) -> ResponseReturnValue:
    """Asks before a cancelled sending makes way for a new one."""
    return pages.asking_page(sending_of(issue_id), "sending_anew")


@doors.post(f"{PATH}/gor-om")
@staff_only(*WRITERS)
def submit_beginning_anew(issue_id: int) -> ResponseReturnValue:
    def begin(_mailing_id: int) -> str:
        scheduling.begin_anew(issue_id)
        return "Numret är ett utkast igen. De som redan har fått det får det inte en gång till."

    return pages.pressed(sending_of(issue_id), begin)


# --- letters that stopped on the way -------------------------------------------------------------------------------


@doors.post(f"{PATH}/uppskjutna")
@staff_only(*WRITERS)
def submit_deferred_now(issue_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.try_deferred)


@doors.get(f"{PATH}/okanda")
@staff_only(*WRITERS)
def show_unknown(issue_id: int) -> ResponseReturnValue:
    """What to do about letters of which nobody knows whether they came."""
    return pages.asking_page(sending_of(issue_id), "unknown_letters")


@doors.post(f"{PATH}/okanda/skickade")
@staff_only(*WRITERS)
def submit_unknown_sent(issue_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.treat_unknown)


@doors.post(f"{PATH}/okanda/igen")
@staff_only(*WRITERS)
def submit_unknown_again(issue_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.send_unknown)


@doors.post(f"{PATH}/brev/<{ID}:delivery_id>/igen")
@staff_only(*WRITERS)
def submit_letter_again(issue_id: int, delivery_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(issue_id), pages.send_again(delivery_id))
