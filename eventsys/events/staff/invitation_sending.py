"""Doors: look at the invitation, try it on oneself, send it, and remind those who have not answered."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.forms import PressForm
from eventsys.events.invitations import reminding, sending, words
from eventsys.events.invitations.emails import invitation_sample
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.notices import send_sample
from eventsys.events.invitations.queries import invitations_in
from eventsys.events.models import Event
from eventsys.events.staff.doors import doors, event_page, ids_from
from eventsys.i18n import LANGUAGES
from eventsys.staff.guards import signed_in, staff_only

LIST = "events_staff.show_guests"


def _ids(values: list[str]) -> list[int] | None:
    """The chosen guests; None where nobody was chosen, which means everybody it is about."""
    return ids_from(values) or None


def _hindrance(event: Event) -> str:
    try:
        sending.check_sendable(event, now())
    except sending.CannotSend as refusal:
        return str(refusal)
    return ""


@doors.get("/evenemang/<int:event_id>/inbjudna/skicka")
@staff_only(*PLANNERS)
def show_sending(event_id: int) -> ResponseReturnValue:
    event, ids = event_for(signed_in(), event_id), _ids(request.args.getlist("ids"))
    guests = sending.those_of(invitations_in(event.id, InvitationState.LISTED), ids)
    return event_page(
        "guests_send",
        event,
        "show_guests",
        guests=guests,
        ids=ids or [],
        hindrance=_hindrance(event),
        samples=_samples(event, guests),
        own_address=signed_in().email,
        guest_words=words,
        form=PressForm(),
    )


def _samples(event: Event, guests: Collection[Invitation]) -> list[dict[str, str]]:
    """The letter in each language that somebody gets it in."""
    langs = [lang for lang in LANGUAGES if lang == "sv" or any(guest.lang == lang for guest in guests)]
    letters = {lang: invitation_sample(event, "", lang) for lang in langs}
    return [{"lang": lang, "subject": letter.subject, "text": letter.text} for lang, letter in letters.items()]


@doors.post("/evenemang/<int:event_id>/inbjudna/skicka")
@staff_only(*PLANNERS)
def submit_sending(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    try:
        with transaction():
            sent = sending.send_invitations(event_id, now(), _ids(request.form.getlist("ids")))
    except sending.CannotSend as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for("events_staff.show_sending", event_id=event_id))
    flash(f"Inbjudan skickas nu till {words.guests(sent)}." if sent else "Alla hade redan fått sin inbjudan.", "good")
    return redirect(url_for(LIST, event_id=event_id))


@doors.post("/evenemang/<int:event_id>/inbjudna/prov")
@staff_only(*PLANNERS)
def submit_sample(event_id: int) -> ResponseReturnValue:
    """The letter to oneself, in each language that guests get it in."""
    event, account, ids = event_for(signed_in(), event_id), signed_in(), _ids(request.form.getlist("ids"))
    guests = sending.those_of(invitations_in(event.id, InvitationState.LISTED), ids)
    langs = [sample["lang"] for sample in _samples(event, guests)]
    with transaction():
        for lang in langs:
            send_sample(event, account.email, account.name, lang, now())
    flash(f"Ett prov är på väg till {account.email}.", "good")
    return redirect(url_for("events_staff.show_sending", event_id=event_id, ids=ids))


# --- reminders ----------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/inbjudna/paminn")
@staff_only(*PLANNERS)
def show_reminding(event_id: int) -> ResponseReturnValue:
    event, ids = event_for(signed_in(), event_id), _ids(request.args.getlist("ids"))
    guests = sending.those_of(reminding.to_remind(event.id, now()), ids)
    return event_page(
        "guests_remind",
        event,
        "show_guests",
        guests=guests,
        ids=ids or [],
        hindrance=_hindrance(event),
        form=PressForm(),
    )


@doors.post("/evenemang/<int:event_id>/inbjudna/paminn")
@staff_only(*PLANNERS)
def submit_reminding(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    with transaction():
        posted = reminding.remind_silent(event_id, now(), _ids(request.form.getlist("ids")))
    said = f"Påminnelsen skickas nu till {words.guests(posted)}." if posted else "Ingen behövde påminnas."
    flash(said, "good")
    return redirect(url_for(LIST, event_id=event_id))
