"""Doors: the sessions that one person has chosen, changed by staff."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import PLANNERS, attendee_for
from eventsys.events.models import Attendee
from eventsys.events.programme.choosing import SessionFull, SessionGone, choose
from eventsys.events.programme.forms import SessionsForm, full_sessions, offered_slots, session_hints, sessions_form
from eventsys.events.programme.own import choices_of_person
from eventsys.events.programme.queries import places_in, slots_of
from eventsys.events.staff.doors import doors
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/anmalan/<int:registration_id>/person/<int:attendee_id>/program")
@staff_only(*PLANNERS)
def show_person_sessions(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    form = _form(attendee)
    if not form.slot_fields or not attendee.is_active:
        flash("Det finns inget att välja mellan längre.", "warn")
        return _back(registration_id)
    return _page(attendee, form)


def _form(attendee: Attendee) -> SessionsForm:
    offered = offered_slots(slots_of(attendee.event), attendee.event, now())
    return sessions_form(offered, choices_of_person(attendee))


def _page(attendee: Attendee, form: SessionsForm) -> str:
    places = places_in(attendee.event)
    form.full_shown.data = full_sessions(places)
    return render_template(
        "events/staff/person_sessions.html",
        registration=attendee.registration,
        event=attendee.event,
        attendee=attendee,
        form=form,
        hints=session_hints(slots_of(attendee.event), places),
    )


@doors.post("/anmalan/<int:registration_id>/person/<int:attendee_id>/program")
@staff_only(*PLANNERS)
def submit_person_sessions(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    form = _form(attendee)
    if not form.validate_on_submit():
        return _page(attendee, form), 422
    try:
        changed = _keep(registration_id, attendee_id, form)
    except SessionFull as refusal:
        form.say_full(refusal.session_ids)
        return _page(attendee_for(signed_in(), registration_id, attendee_id), form), 422
    except SessionGone:
        refuse(form, "Programmet har ändrats, eller så är personen avbokad. Öppna sidan på nytt.")
        return _page(attendee_for(signed_in(), registration_id, attendee_id), form), 422
    flash("Valet är sparat." if changed else "Inget ändrades.", "good")
    return _back(registration_id)


def _keep(registration_id: int, attendee_id: int, form: SessionsForm) -> bool:
    with transaction():
        attendee = attendee_for(signed_in(), registration_id, attendee_id)
        changed = choose(attendee, form.sessions_wanted, now(), form.queue_ok)
        if changed:
            audit.record("attendee.sessions_chosen", f"registration:{registration_id}", attendee=attendee_id)
    return changed


def _back(registration_id: int) -> ResponseReturnValue:
    return redirect(url_for("events_staff.show_registration", registration_id=registration_id))
