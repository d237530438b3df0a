"""Doors: the list of an event's people, what is done to those selected, and adding somebody by hand."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import booking, selection, words
from eventsys.events.access import PEOPLE_READERS, PLANNERS, event_for
from eventsys.events.attendance.marking import last_marking
from eventsys.events.forms import PressForm
from eventsys.events.listing import Listing, Order, Show, Wanted, people_of
from eventsys.events.models import Event
from eventsys.events.programme.choosing import SessionFull, SessionGone
from eventsys.events.programme.forms import full_sessions, offered_slots, session_hints
from eventsys.events.programme.queries import places_in, slots_of
from eventsys.events.queries import questions_asked
from eventsys.events.registration import FullNow, Outcome, RegistrationClosed, register_by_hand
from eventsys.events.sources import origins
from eventsys.events.staff.doors import (
    choice_in_address,
    doors,
    event_page,
    ids_from,
    number_in_address,
    page_urls,
)
from eventsys.events.staff.people_forms import AddForm, add_form
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only

LIST = "events_staff.show_people"


@doors.get("/evenemang/<int:event_id>/anmalda")
@staff_only(*PEOPLE_READERS)
def show_people(event_id: int) -> ResponseReturnValue:
    event, wanted = event_for(signed_in(), event_id), wanted_in_address()
    found = people_of(event, wanted)
    kept = filter_of(wanted)
    return event_page(
        "people",
        event,
        "show_people",
        found=found,
        wanted=wanted,
        kept=kept,
        shows=_shows(event, wanted, found),
        origins=origins(event),
        form=PressForm(),
        marking=last_marking(event.id, number_in_address("angra", 0)),
        pages=page_urls(LIST, found.number, found.pages, event_id=event.id, **kept),
    )


def wanted_in_address() -> Wanted:
    """The filter and order of the list, as its address holds them."""
    show = choice_in_address("lage", Show, Show.ALL)
    return Wanted(
        text=request.args.get("sok", "").strip()[:100],
        show=show,
        source=_source(request.args.get("kalla", "")),
        order=choice_in_address("ordning", Order, Order.QUEUE if show is Show.WAITING else Order.NAME),
        page=number_in_address("sida", 1),
    )


def _shows(event: Event, wanted: Wanted, found: Listing) -> list[dict[str, Any]]:
    """The parts of the list that hold somebody, with how many, as links that keep the search."""
    kept = {**filter_of(wanted), "ordning": None}
    return [
        {
            "label": f"{label} {found.counts[show]}", "current": show is wanted.show,
            "url": url_for(LIST, event_id=event.id, **{**kept, "lage": None if show is Show.ALL else show.value}),
        }
        for show, label in words.SHOWS.items()
        if found.counts[show] or show in (Show.ALL, wanted.show)
    ]  # fmt: skip


def _source(code: str) -> str | None:
    """None: from anywhere; empty: those who came without a code."""
    return None if not code else ("" if code == "direkt" else code[:60])


def filter_of(wanted: Wanted) -> dict[str, Any]:
    """The filter as the address holds it, for links that keep it."""
    default = Order.QUEUE if wanted.show is Show.WAITING else Order.NAME
    return {
        "lage": None if wanted.show is Show.ALL else wanted.show.value,
        "sok": wanted.text or None,
        "kalla": "direkt" if wanted.source == "" else wanted.source,
        "ordning": None if wanted.order is default else wanted.order.value,
    }


def _back(event_id: int) -> ResponseReturnValue:
    return redirect(url_for(LIST, event_id=event_id))


def _nobody(event_id: int) -> ResponseReturnValue:
    flash("Markera minst en person i listan först.", "warn")
    return _back(event_id)


# --- those selected -----------------------------------------------------------------------------------------------


@doors.post("/evenemang/<int:event_id>/anmalda/valda")
@staff_only(*PLANNERS)
def submit_selection(event_id: int) -> ResponseReturnValue:
    """From ticked rows to the page where the act is confirmed."""
    event_for(signed_in(), event_id)
    ids = ids_from(request.form.getlist("ids"))
    if not ids:
        return _nobody(event_id)
    if request.form.get("gor") == "skriv":
        return redirect(url_for("events_staff.show_message", event_id=event_id, till="chosen", ids=ids))
    return redirect(url_for("events_staff.show_people_leaving", event_id=event_id, ids=ids))


@doors.get("/evenemang/<int:event_id>/anmalda/avboka")
@staff_only(*PLANNERS)
def show_people_leaving(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    people = selection.chosen(event.id, ids_from(request.args.getlist("ids")))
    if not people:
        return _nobody(event_id)
    return event_page("people_leaving", event, "show_people", people=people, form=PressForm())


@doors.post("/evenemang/<int:event_id>/anmalda/avboka")
@staff_only(*PLANNERS)
def submit_people_leaving(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    ids = ids_from(request.form.getlist("ids"))
    if not ids:
        return _nobody(event_id)
    try:
        with transaction():
            left = booking.cancel_by_staff(selection.chosen(event_id, ids), now())
    except booking.TooLate:
        flash("Evenemanget har börjat eller är inställt, så ingen kan avbokas längre.", "warn")
        return _back(event_id)
    verb = "är avbokad" if left == 1 else "är avbokade"
    flash(f"{words.people(left)} {verb} och får ett brev." if left else "De var redan avbokade.", "good")
    return _back(event_id)


@doors.post("/evenemang/<int:event_id>/anmalda/plats")
@staff_only(*PLANNERS)
def submit_seats(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    ids = ids_from(request.form.getlist("ids"))
    if not ids:
        return _nobody(event_id)
    try:
        with transaction():
            given = selection.give_seats(event_id, ids, now())
    except selection.TooFewSeats as refusal:
        flash(f"{refusal} Ingen har fått någon plats.", "warn")
        return redirect(url_for(LIST, event_id=event_id, lage=Show.WAITING.value))
    flash(
        f"{words.people(given)} har fått plats och får ett brev." if given else "Ingen av dem väntar på plats.", "good"
    )
    return _back(event_id)


# --- by hand ------------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/anmalda/lagg-till")
@staff_only(*PLANNERS)
def show_adding(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    return _adding_page(event, _adding_form(event))


def _adding_form(event: Event) -> AddForm:
    return add_form(event, questions_asked(event), offered_slots(slots_of(event), event, now()))


def _adding_page(event: Event, form: AddForm, full: bool = False) -> str:
    slots = slots_of(event) if form.slot_fields else []
    places = places_in(event) if slots else {}
    form.full_shown.data = full_sessions(places)
    hints = session_hints(slots, places)
    return event_page("add_person", event, "show_people", form=form, full=full, session_hints=hints)


@doors.post("/evenemang/<int:event_id>/anmalda/lagg-till")
@staff_only(*PLANNERS)
def submit_adding(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    form = _adding_form(event)
    if not form.validate_on_submit():
        return _adding_page(event, form), 422
    try:
        with transaction():
            outcome = register_by_hand(event_id, form.wish(), now(), signed_in().actor)
    except FullNow:
        form.queue.data = "1"
        return _adding_page(event_for(signed_in(), event_id), form, full=True), 422
    except SessionFull as refusal:
        form.say_full(refusal.session_ids)
        return _adding_page(event_for(signed_in(), event_id), form), 422
    except SessionGone:
        refuse(form, "Programmet ändrades medan du fyllde i. Öppna sidan på nytt och välj pass igen.")
        return _adding_page(event_for(signed_in(), event_id), form), 422
    except RegistrationClosed:
        refuse(form, "Evenemanget är inte publicerat eller är inställt, så ingen kan läggas till.")
        return _adding_page(event_for(signed_in(), event_id), form), 422
    return _added(event_id, form, outcome)


def _added(event_id: int, form: AddForm, outcome: Outcome) -> ResponseReturnValue:
    if outcome.registration is None:
        refuse(form, "Någon med den e-postadressen är redan anmäld. Sök efter adressen i listan över anmälda.")
        return _adding_page(event_for(signed_in(), event_id), form), 422
    flash(f"{form.name.data} är tillagd och får ett brev.", "good")
    return redirect(url_for("events_staff.show_registration", registration_id=outcome.registration.id))
