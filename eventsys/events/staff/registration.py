"""Doors: one booking: who booked, its people, their letters, and what is done to one person."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import booking, selection
from eventsys.events.access import PEOPLE_READERS, PLANNERS, attendee_for, event_for, powers_of, registration_for
from eventsys.events.agenda import can_move_to
from eventsys.events.fates import letters_of_registration
from eventsys.events.forms import PersonForm, PressForm
from eventsys.events.messages import NothingToSend, send_letter_again
from eventsys.events.models import Attendee, Registration
from eventsys.events.moving import CannotMove, move_to_event
from eventsys.events.programme.own import own_programmes
from eventsys.events.programme.words import programme_lines
from eventsys.events.queries import questions_asked
from eventsys.events.sources import origins
from eventsys.events.staff.doors import doors
from eventsys.events.staff.people_forms import (
    DietForm,
    MoveForm,
    SendAgainForm,
    StaffBookerForm,
    booker_form,
    changed_person,
    staff_person_form,
)
from eventsys.events.waitlist import positions_in_queue
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only

TOO_LATE = "Evenemanget har börjat eller är inställt, eller så är personen avbokad. Då går det inte att ändra längre."
TAKEN = "E-postadressen är redan anmäld till evenemanget i en annan anmälan."


@doors.get("/anmalan/<int:registration_id>")
@staff_only(*PEOPLE_READERS)
def show_registration(registration_id: int) -> ResponseReturnValue:
    registration = registration_for(signed_in(), registration_id)
    sees_letters = powers_of(signed_in()).plan
    names = {origin.code: origin.name for origin in origins(registration.event)}
    return _page(
        "registration",
        registration,
        letters=letters_of_registration(registration) if sees_letters else [],
        positions=positions_in_queue(registration.attendees),
        programmes=_programmes(registration),
        source=names.get(registration.source, registration.source),
        form=PressForm(),
    )


def _programmes(registration: Registration) -> dict[int, list[tuple[str, str]]]:
    """Each person's programme in words; attendee id -> lines, nothing for an event without one."""
    programmes = own_programmes(registration.attendees)
    return {
        attendee_id: programme_lines(own, registration.event) or [("Pass", "Inget valt")]
        for attendee_id, own in programmes.items()
        if any(slot.has_choice for slot in own.live_slots)
    }


def _page(template: str, registration: Registration, **context: Any) -> str:
    return render_template(
        f"events/staff/{template}.html", registration=registration, event=registration.event, **context
    )


def _back(registration_id: int) -> ResponseReturnValue:
    return redirect(url_for("events_staff.show_registration", registration_id=registration_id))


# --- who booked ---------------------------------------------------------------------------------------------------


@doors.get("/anmalan/<int:registration_id>/bokare")
@staff_only(*PLANNERS)
def show_booker(registration_id: int) -> ResponseReturnValue:
    registration = registration_for(signed_in(), registration_id)
    return _page("booker", registration, form=booker_form(registration))


@doors.post("/anmalan/<int:registration_id>/bokare")
@staff_only(*PLANNERS)
def submit_booker(registration_id: int) -> ResponseReturnValue:
    registration, form = registration_for(signed_in(), registration_id), StaffBookerForm()
    if not form.validate_on_submit():
        return _page("booker", registration, form=form), 422
    try:
        with transaction():
            booking.change_booker(registration_for(signed_in(), registration_id), form.booker(), now())
            audit.record("registration.booker_changed", f"registration:{registration_id}")
    except booking.TooLate:
        refuse(form, TOO_LATE)
        return _page("booker", registration_for(signed_in(), registration_id), form=form), 422
    flash("Uppgifterna är sparade.", "good")
    return _back(registration_id)


# --- one person ---------------------------------------------------------------------------------------------------


@doors.get("/anmalan/<int:registration_id>/person/<int:attendee_id>")
@staff_only(*PLANNERS)
def show_person(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    return _person_page(attendee, _person_form(attendee))


def _person_form(attendee: Attendee) -> PersonForm:
    return staff_person_form(attendee.event, questions_asked(attendee.event), attendee)


def _person_page(attendee: Attendee, form: PersonForm) -> str:
    return _page("person", attendee.registration, attendee=attendee, form=form)


@doors.post("/anmalan/<int:registration_id>/person/<int:attendee_id>")
@staff_only(*PLANNERS)
def submit_person(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    form = _person_form(attendee)
    if not form.validate_on_submit():
        return _person_page(attendee, form), 422
    try:
        _keep_person(registration_id, attendee_id, form)
    except (booking.TooLate, booking.AddressTaken) as refusal:
        refuse(form, TAKEN if isinstance(refusal, booking.AddressTaken) else TOO_LATE)
        return _person_page(attendee_for(signed_in(), registration_id, attendee_id), form), 422
    flash("Uppgifterna är sparade.", "good")
    return _back(registration_id)


def _keep_person(registration_id: int, attendee_id: int, form: PersonForm) -> None:
    with transaction():
        attendee = attendee_for(signed_in(), registration_id, attendee_id)
        booking.change_details(attendee, changed_person(form, attendee), now())
        audit.record("attendee.changed", f"registration:{registration_id}", attendee=attendee_id)


# --- the person's diet: health data, on a page of its own, each look noted -------------------------------------------


@doors.get("/anmalan/<int:registration_id>/person/<int:attendee_id>/kost")
@staff_only(*PLANNERS)
def show_diet(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    with transaction():
        attendee = attendee_for(signed_in(), registration_id, attendee_id)
        text = attendee.diet.text if attendee.diet else ""
        audit.record("diet.seen", f"registration:{registration_id}", attendee=attendee_id)
    return _diet_page(attendee, DietForm(data={"diet": text}))


def _diet_page(attendee: Attendee, form: DietForm) -> str:
    return _page("diet", attendee.registration, attendee=attendee, form=form)


@doors.post("/anmalan/<int:registration_id>/person/<int:attendee_id>/kost")
@staff_only(*PLANNERS)
def submit_diet(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee, form = attendee_for(signed_in(), registration_id, attendee_id), DietForm()
    if not form.validate_on_submit():
        return _diet_page(attendee, form), 422
    with transaction():
        booking.set_diet(attendee_for(signed_in(), registration_id, attendee_id), form.diet.data)
        audit.record("diet.changed", f"registration:{registration_id}", attendee=attendee_id)
    flash("Uppgiften är sparad." if form.diet.data else "Uppgiften är borttagen.", "good")
    return _back(registration_id)


# --- leaving, moving, a seat, the letter once more -----------------------------------------------------------------


@doors.get("/anmalan/<int:registration_id>/person/<int:attendee_id>/avboka")
@staff_only(*PLANNERS)
def show_leaving(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    return _page("leaving", attendee.registration, attendee=attendee, form=PressForm())


@doors.post("/anmalan/<int:registration_id>/person/<int:attendee_id>/avboka")
@staff_only(*PLANNERS)
def submit_leaving(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            attendee = attendee_for(signed_in(), registration_id, attendee_id)
            left = booking.cancel_by_staff([attendee], now())
    except booking.TooLate:
        flash(TOO_LATE, "warn")
        return _back(registration_id)
    said = f"{attendee.name} är avbokad och får ett brev." if left else f"{attendee.name} var redan avbokad."
    flash(said, "good")
    return _back(registration_id)


@doors.get("/anmalan/<int:registration_id>/person/<int:attendee_id>/flytta")
@staff_only(*PLANNERS)
def show_moving(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    return _moving_page(attendee, _move_form(attendee))


def _move_form(attendee: Attendee) -> MoveForm:
    form = MoveForm()
    form.places = can_move_to(signed_in(), attendee.event, now())
    form.event.choices = [(str(event.id), event.title) for event, _ in form.places]
    return form


def _moving_page(attendee: Attendee, form: MoveForm) -> str:
    return _page("moving", attendee.registration, attendee=attendee, form=form)


@doors.post("/anmalan/<int:registration_id>/person/<int:attendee_id>/flytta")
@staff_only(*PLANNERS)
def submit_moving(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    form = _move_form(attendee)
    if not form.validate_on_submit():
        return _moving_page(attendee, form), 422
    there = event_for(signed_in(), int(form.event.data))
    try:
        with transaction():
            new_id = move_to_event(attendee_for(signed_in(), registration_id, attendee_id), there.id, now()).id
    except CannotMove:
        refuse(form, "Det går inte att flytta. Personen är redan anmäld dit, avbokad, eller så är evenemanget över.")
        return _moving_page(attendee_for(signed_in(), registration_id, attendee_id), form), 422
    flash("Flyttningen är klar. Det här är den nya anmälan, och personen får ett brev om den.", "good")
    return _back(new_id)


@doors.post("/anmalan/<int:registration_id>/person/<int:attendee_id>/plats")
@staff_only(*PLANNERS)
def submit_seat(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    try:
        with transaction():
            given = selection.give_seats(attendee.event_id, [attendee_id], now())
    except selection.TooFewSeats as refusal:
        flash(str(refusal), "warn")
        return _back(registration_id)
    flash("Personen har fått plats och får ett brev." if given else "Personen väntar inte på plats.", "good")
    return _back(registration_id)


@doors.post("/anmalan/<int:registration_id>/person/<int:attendee_id>/brev")
@staff_only(*PLANNERS)
def submit_letter_again(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    form = SendAgainForm()
    try:
        with transaction():
            sent = send_letter_again(attendee_for(signed_in(), registration_id, attendee_id), form.number)
    except NothingToSend as refusal:
        flash(str(refusal), "warn")
        return _back(registration_id)
    flash("Brevet skickas igen." if sent else "Brevet är redan på väg.", "good")
    return _back(registration_id)
