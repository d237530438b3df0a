"""Doors: an event's programme: slots, sessions, who is in them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.events import words
from eventsys.events.access import EVERYBODY, PEOPLE_READERS, PLANNERS, event_for
from eventsys.events.forms import PressForm
from eventsys.events.models import Event, EventState
from eventsys.events.programme import arranging
from eventsys.events.programme.arranging import Arranged, CannotArrange, session_in, slot_in
from eventsys.events.programme.parts import is_course
from eventsys.events.programme.queries import in_sessions, places_in, slots_of
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.programme_forms import (
    ChoicesForm,
    CommonForm,
    NewChoicesForm,
    SessionForm,
    next_times,
    session_form,
    slot_form,
)
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only

TAB = "show_programme"
LIST = f"events_staff.{TAB}"


@doors.get("/evenemang/<int:event_id>/program")
@staff_only(*EVERYBODY)
def show_programme(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    slots = slots_of(event)
    return event_page(
        "programme", event, TAB, slots=slots, places=places_in(event), several_days=is_course(slots), form=PressForm()
    )


def _back(event_id: int, said: str, kind: str = "good") -> ResponseReturnValue:
    flash(said, kind)
    return redirect(url_for(LIST, event_id=event_id))


def _tells(event: Event) -> bool:
    return event.state is EventState.PUBLISHED and now() < event.ends_at


def _said(what: str, done: Arranged) -> str:
    said = [what]
    if done.told:
        said.append(f"{words.people(done.told)} får ett brev.")
    if done.promoted:
        said.append(f"{words.people(done.promoted)} i kön har fått plats.")
    return " ".join(said)


# --- a new slot ---------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/program/ny")
@staff_only(*PLANNERS)
def show_new_slot(event_id: int) -> ResponseReturnValue:
    """A point for everybody, or with `?val=1` sessions to choose."""
    event = event_for(signed_in(), event_id)
    kind = NewChoicesForm if "val" in request.args else CommonForm
    return _slot_page(event, kind(data=next_times(event, slots_of(event))), None)


def _slot_page(event: Event, form: Any, slot_id: int | None, to_tell: int = 0) -> str:
    chooses = isinstance(form, ChoicesForm)
    return event_page("slot", event, TAB, form=form, slot_id=slot_id, chooses=chooses, to_tell=to_tell)


@doors.post("/evenemang/<int:event_id>/program/ny")
@staff_only(*PLANNERS)
def submit_new_slot(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), (NewChoicesForm if "val" in request.args else CommonForm)()
    if not form.validate_on_submit():
        return _slot_page(event, form, None), 422
    chooses = isinstance(form, NewChoicesForm)
    sessions = form.sessions() if isinstance(form, NewChoicesForm) else [form.text_values()]
    try:
        with transaction():
            arranging.add_slot(event_id, {**form.slot_values(), "has_choice": chooses}, sessions, now())
    except CannotArrange as refusal:
        refuse(form, refusal)
        return _slot_page(event_for(signed_in(), event_id), form, None), 422
    if "nasta" in request.form:
        flash("Sparat. Fyll i nästa.", "good")
        return redirect(url_for("events_staff.show_new_slot", event_id=event_id, val=1 if chooses else None))
    return _back(event_id, "Programmet är sparat.")


# --- one slot -----------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/program/<int:slot_id>")
@staff_only(*PLANNERS)
def show_slot(event_id: int, slot_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    return _slot_page(event, slot_form(slot_in(event, slot_id)), slot_id)


@doors.post("/evenemang/<int:event_id>/program/<int:slot_id>")
@staff_only(*PLANNERS)
def submit_slot(event_id: int, slot_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    form = (ChoicesForm if slot_in(event, slot_id).has_choice else CommonForm)()
    if not form.validate_on_submit():
        return _slot_page(event, form, slot_id), 422
    if to_tell := _to_tell_about_slot(event, slot_id, form):
        form.confirmed.data = form.fingerprint
        return _slot_page(event, form, slot_id, to_tell)
    try:
        with transaction():
            done = _keep_slot(event_id, slot_id, form)
    except CannotArrange as refusal:
        refuse(form, refusal)
        return _slot_page(event_for(signed_in(), event_id), form, slot_id), 422
    return _back(event_id, _said("Programmet är sparat.", done))


def _keep_slot(event_id: int, slot_id: int, form: ChoicesForm | CommonForm) -> Arranged:
    done = arranging.edit_slot(event_id, slot_id, form.slot_values(), now())
    if not isinstance(form, CommonForm):
        return done
    slot = slot_in(event_for(signed_in(), event_id), slot_id)
    if not slot.sessions:
        arranging.add_session(event_id, slot_id, form.text_values())
        return done
    more = arranging.edit_session(event_id, slot.sessions[0].id, form.text_values(), now())
    return Arranged(max(done.told, more.told), done.promoted + more.promoted)


def _to_tell_about_slot(event: Event, slot_id: int, form: ChoicesForm | CommonForm) -> int:
    """How many would get a letter about a new time or room that the page has not yet spoken of."""
    slot = slot_in(event, slot_id)
    new = form.slot_values()
    changes = (slot.starts_at, slot.ends_at) != (new["starts_at"], new["ends_at"])
    if isinstance(form, CommonForm) and slot.sessions:
        changes = changes or slot.sessions[0].room != form.room.data
    if not changes or not _tells(event) or form.confirmed.data == form.fingerprint:
        return 0
    return arranging.people_to_tell(event, slot)


@doors.get("/evenemang/<int:event_id>/program/<int:slot_id>/ta-bort")
@staff_only(*PLANNERS)
def show_slot_removal(event_id: int, slot_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    slot = slot_in(event, slot_id)
    touched = arranging.people_to_tell(event, slot) if _tells(event) else 0
    name = slot.name or (slot.sessions[0].title if slot.sessions else "tiden")
    return _removal_page(event, name, touched, slot.has_choice)


def _removal_page(event: Event, name: str, touched: int, chooses: bool) -> str:
    return event_page("programme_removal", event, TAB, form=PressForm(), name=name, touched=touched, chooses=chooses)


@doors.post("/evenemang/<int:event_id>/program/<int:slot_id>/ta-bort")
@staff_only(*PLANNERS)
def submit_slot_removal(event_id: int, slot_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    with transaction():
        done = arranging.remove_slot(event_id, slot_id, now())
    return _back(event_id, _said("Borttaget ur programmet.", done))


# --- sessions -----------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/program/<int:slot_id>/pass")
@staff_only(*PLANNERS)
def show_new_session(event_id: int, slot_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    slot_in(event, slot_id)
    return _session_page(event, SessionForm(), None)


def _session_page(event: Event, form: SessionForm, session_id: int | None, to_tell: int = 0) -> str:
    places = places_in(event).get(session_id) if session_id else None
    return event_page("session", event, TAB, form=form, session_id=session_id, places=places, to_tell=to_tell)


@doors.post("/evenemang/<int:event_id>/program/<int:slot_id>/pass")
@staff_only(*PLANNERS)
def submit_new_session(event_id: int, slot_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), SessionForm()
    slot_in(event, slot_id)
    if not form.validate_on_submit():
        return _session_page(event, form, None), 422
    try:
        with transaction():
            arranging.add_session(event_id, slot_id, form.values())
    except CannotArrange as refusal:
        refuse(form, refusal)
        return _session_page(event_for(signed_in(), event_id), form, None), 422
    if "nasta" in request.form:
        flash("Sparat. Fyll i nästa pass.", "good")
        return redirect(url_for("events_staff.show_new_session", event_id=event_id, slot_id=slot_id))
    return _back(event_id, "Passet är sparat.")


@doors.get("/evenemang/<int:event_id>/program/pass/<int:session_id>")
@staff_only(*PLANNERS)
def show_session(event_id: int, session_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    return _session_page(event, session_form(session_in(event, session_id)), session_id)


@doors.post("/evenemang/<int:event_id>/program/pass/<int:session_id>")
@staff_only(*PLANNERS)
def submit_session(event_id: int, session_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), SessionForm()
    session = session_in(event, session_id)
    if not form.validate_on_submit():
        return _session_page(event, form, session_id), 422
    moves = session.room != form.room.data and _tells(event) and form.confirmed.data != form.room.data
    if moves and (to_tell := arranging.people_to_tell(event, session.slot, session)):
        form.confirmed.data = form.room.data
        return _session_page(event, form, session_id, to_tell)
    with transaction():
        done = arranging.edit_session(event_id, session_id, form.values(), now())
    _warn_of_too_few(event_id, session_id)
    return _back(event_id, _said("Passet är sparat.", done))


def _warn_of_too_few(event_id: int, session_id: int) -> None:
    places = places_in(event_for(signed_in(), event_id)).get(session_id)
    if places is not None and places.held > places.capacity:
        over = places.held - places.capacity
        flash(f"{words.people(over)} fler har plats än det finns platser. Ingen förlorar sin plats.", "warn")


@doors.get("/evenemang/<int:event_id>/program/pass/<int:session_id>/ta-bort")
@staff_only(*PLANNERS)
def show_session_removal(event_id: int, session_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    session = session_in(event, session_id)
    touched = arranging.people_to_tell(event, session.slot, session) if _tells(event) else 0
    return _removal_page(event, session.title, touched, chooses=True)


@doors.post("/evenemang/<int:event_id>/program/pass/<int:session_id>/ta-bort")
@staff_only(*PLANNERS)
def submit_session_removal(event_id: int, session_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    with transaction():
        done = arranging.remove_session(event_id, session_id, now())
    return _back(event_id, _said("Passet är borttaget.", done))


@doors.post("/evenemang/<int:event_id>/program/pass/<int:session_id>/upp")
@staff_only(*PLANNERS)
def submit_session_up(event_id: int, session_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    with transaction():
        arranging.move_session(event_id, session_id, up=True)
    return redirect(url_for(LIST, event_id=event_id))


# --- who is where -------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/program/salar")
@staff_only(*PEOPLE_READERS)
def show_rooms(event_id: int) -> ResponseReturnValue:
    """Who is in each session and who queues for it, to read or print; `?pass=` shows one."""
    event = event_for(signed_in(), event_id)
    chosen = request.args.get("pass", type=int)
    sessions = [
        session
        for slot in slots_of(event)
        if slot.has_choice
        for session in slot.sessions
        if chosen in (None, session.id)
    ]
    return event_page(
        "rooms", event, TAB, sessions=sessions, people=in_sessions([session.id for session in sessions]), one=chosen,
        day=local(event.starts_at).date(),
    )  # fmt: skip
