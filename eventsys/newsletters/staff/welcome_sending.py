"""Doors: a round of welcome letters leaves, its ledger, its course, and companies whose letter never came."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.forms import Form
from eventsys.i18n import number
from eventsys.mail.models import Mailing, MailingState
from eventsys.newsletters.issues.queries import names_of
from eventsys.newsletters.sending.forecasting import forecast
from eventsys.newsletters.staff import mailing_pages as pages
from eventsys.newsletters.staff.belonging import Belonging
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, round_page
from eventsys.newsletters.staff.welcome import PATH
from eventsys.newsletters.welcome import leaving, redirecting
from eventsys.newsletters.welcome.cohort import numbers_of, places_of
from eventsys.newsletters.welcome.models import RoundState, WelcomeRound
from eventsys.newsletters.welcome.queries import mailing_of, round_by_id
from eventsys.newsletters.welcome.rendering import letter_of, trouble_with_gathering
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

LEDGER = "newsletters_staff.show_welcome_ledger"
SENDING = f"{PATH}/utskick"
_ENDPOINTS = {
    "ledger": "show_welcome_ledger", "progress": "show_welcome_progress", "names": "show_welcome_names",
    "left_out": "show_welcome_left_out", "file": "show_welcome_ledger_file", "pause": "submit_welcome_pause",
    "going_on": "submit_welcome_going_on", "cancelling": "show_welcome_cancelling",
    "deferred": "submit_welcome_deferred_now", "unknown": "show_welcome_unknown",
    "unknown_sent": "submit_welcome_unknown_sent", "unknown_again": "submit_welcome_unknown_again",
    "letter_again": "submit_welcome_letter_again",
}  # fmt: skip


def sending_of(round_id: int) -> Belonging:
    """A round whose letters by e-mail have left. Raises NotFound, also when they have not."""
    found = round_by_id(round_id)
    mailing = mailing_of(found)
    if mailing is None:
        raise NotFound
    return _belonging(found, mailing)


def _belonging(found: WelcomeRound, mailing: Mailing) -> Belonging:
    def page(template: str, **context: object) -> str:
        return round_page(template, found, "show_welcome_ledger", frame="newsletters/staff/_welcome.html", **context)

    return Belonging(
        mailing=mailing, row_id=found.id, act="welcome_round", args={"round_id": found.id}, endpoints=_ENDPOINTS,
        file_name=f"valkomstbrev-{found.year}-{found.number}", page=page,
    )  # fmt: skip


@doors.get(SENDING)
@staff_only(*WRITERS)
def show_welcome_ledger(round_id: int) -> ResponseReturnValue:
    """Before it leaves: what will happen. From then on: what became of each letter."""
    found = round_by_id(round_id)
    mailing = mailing_of(found)
    if mailing is None:
        return _before(found)
    return pages.ledger_page(
        _belonging(found, mailing),
        "welcome_ledger",
        numbers=numbers_of(places_of(found)),
        stranded=redirecting.stranded_in(found),
        is_cancelled=mailing.state is MailingState.CANCELLED,
    )


def _before(found: WelcomeRound) -> str:
    counted = numbers_of(places_of(found))
    return round_page(
        "welcome_sending",
        found,
        "show_welcome_ledger",
        numbers=counted,
        forecast=forecast(counted.letters),
        trouble=trouble_with_gathering(found, now()),
        is_approved=found.state is RoundState.APPROVED,
        is_sent=found.state is RoundState.SENT,
        is_outdated=found.state is RoundState.APPROVED and letter_of(found).sha256 != found.sha256,
        names=names_of([found.approved_by]),
        form=Form(formdata=None),
    )


@doors.post(SENDING)
@staff_only(*WRITERS)
def submit_welcome_sending(round_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            letters = leaving.leave(round_id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(_left(letters), "good")
    return redirect(url_for(LEDGER, round_id=round_id))


def _left(letters: int) -> str:
    if not letters:
        return "Omgången är klar att skriva ut."
    return f"{'1 brev' if letters == 1 else f'{number(letters)} brev'} med e-post skickas nu."


# --- the ledger and its course ------------------------------------------------------------------------------------


@doors.get(f"{SENDING}/laget")
@staff_only(*WRITERS)
def show_welcome_progress(round_id: int) -> ResponseReturnValue:
    return pages.moving_part(sending_of(round_id))


@doors.get(f"{SENDING}/namn")
@staff_only(*WRITERS)
def show_welcome_names(round_id: int) -> ResponseReturnValue:
    return pages.names_page(sending_of(round_id))


@doors.get(f"{SENDING}/utelamnade")
@staff_only(*WRITERS)
def show_welcome_left_out(round_id: int) -> ResponseReturnValue:
    return pages.left_out_page(sending_of(round_id))


@doors.get(f"{SENDING}/liggare.<kind>")
@staff_only(*LIST_TAKERS)
def show_welcome_ledger_file(round_id: int, kind: str) -> ResponseReturnValue:
    return pages.ledger_file(sending_of(round_id), kind)


@doors.post(f"{SENDING}/pausa")
@staff_only(*WRITERS)
def submit_welcome_pause(round_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(round_id), pages.pause)


@doors.post(f"{SENDING}/fortsatt")
@staff_only(*WRITERS)
def submit_welcome_going_on(round_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(round_id), pages.go_on)


@doors.get(f"{SENDING}/avbryt")
@staff_only(*WRITERS)
def show_welcome_cancelling(round_id: int) -> ResponseReturnValue:
    """Asks before the rest is stopped for good."""
    return pages.asking_page(sending_of(round_id), "sending_cancel")


@doors.post(f"{SENDING}/avbryt")
@staff_only(*WRITERS)
def submit_welcome_cancelling(round_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(round_id), pages.cancel)


@doors.post(f"{SENDING}/uppskjutna")
@staff_only(*WRITERS)
def submit_welcome_deferred_now(round_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(round_id), pages.try_deferred)


@doors.get(f"{SENDING}/okanda")
@staff_only(*WRITERS)
def show_welcome_unknown(round_id: int) -> ResponseReturnValue:
    """What to do about letters of which nobody knows whether they came."""
    return pages.asking_page(sending_of(round_id), "unknown_letters")


@doors.post(f"{SENDING}/okanda/skickade")
@staff_only(*WRITERS)
def submit_welcome_unknown_sent(round_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(round_id), pages.treat_unknown)


@doors.post(f"{SENDING}/okanda/igen")
@staff_only(*WRITERS)
def submit_welcome_unknown_again(round_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(round_id), pages.send_unknown)


@doors.post(f"{SENDING}/brev/<{ID}:delivery_id>/igen")
@staff_only(*WRITERS)
def submit_welcome_letter_again(round_id: int, delivery_id: int) -> ResponseReturnValue:
    return pages.pressed(sending_of(round_id), pages.send_again(delivery_id))


# --- letters that never came --------------------------------------------------------------------------------------


@doors.post(f"{SENDING}/papper")
@staff_only(*WRITERS)
def submit_welcome_on_paper(round_id: int) -> ResponseReturnValue:
    """Companies whose letter by e-mail never came get it on paper."""

    def print_them(_mailing_id: int) -> str:
        printed = redirecting.print_instead(round_id)
        return f"{'1 brev' if printed == 1 else f'{number(printed)} brev'} skrivs ut på papper i stället."

    return pages.pressed(sending_of(round_id), print_them)


@doors.post(f"{SENDING}/nasta-omgang")
@staff_only(*WRITERS)
def submit_welcome_next_round(round_id: int) -> ResponseReturnValue:
    """Companies that a cancelled sending did not reach are new again."""

    def let_go(_mailing_id: int) -> str:
        return f"{number(redirecting.let_go(round_id))} företag är med i nästa omgång."

    return pages.pressed(sending_of(round_id), let_go)
