"""Doors for those who hold a link: the booking (change, add, cancel, answer an offer)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events import queries
from eventsys.events.booking import AddressTaken, TooLate, cancel_people, change_booker, change_details
from eventsys.events.cards import heading
from eventsys.events.forms import booker_form, change_person_form
from eventsys.events.materials.queries import for_those_who_came
from eventsys.events.models import Attendee, AttendeeState, Event, EventState, Registration
from eventsys.events.programme.choosing import SessionFull, SessionGone
from eventsys.events.programme.forms import full_sessions, offered_slots, session_hints
from eventsys.events.programme.own import own_programmes, places_in_queues
from eventsys.events.programme.queries import places_in, slots_of
from eventsys.events.programme.words import programme_lines
from eventsys.events.public.doors import doors
from eventsys.events.registration import FullNow, IfFull, PartyTooLarge, Person, RegistrationClosed, add_person
from eventsys.events.waitlist import OfferGone, accept_offer, decline_offer, positions_in_queue
from eventsys.forms import Form
from eventsys.i18n import url
from eventsys.limits import limit_registrations


@doors.get("/bokning/<token>")
def show_booking(token: str) -> ResponseReturnValue:
    registration, attendees = queries.booking_by_token(token)
    event, at = registration.event, now()
    is_whole = registration.token == token
    return render_template(
        "events/booking.html",
        **heading(event),
        token=token,
        registration=registration,
        attendees=attendees,
        positions=positions_in_queue(attendees),
        is_whole=is_whole,
        is_new="ny" in request.args,
        told_by_letter=request.args.get("besked", 0, int),
        can_change=_can_change(event),
        can_add=is_whole and event.takes_registrations(at) and _has_room(registration),
        active=[attendee for attendee in attendees if attendee.is_active],
        materials=for_those_who_came(attendees),
        **_programmes(event, attendees),
    )


def _programmes(event: Event, attendees: list[Attendee]) -> dict[str, object]:
    """Each person's programme in words, and whether there is something to choose still."""
    programmes = own_programmes(attendees)
    places = places_in_queues(programmes)
    return {
        "programmes": {
            one.id: programme_lines(
                programmes[one.id], event, {session: n for (who, session), n in places.items() if who == one.id}
            )
            for one in attendees
        },
        "can_choose": event.state is EventState.PUBLISHED
        and any(slot.has_choice and slot.starts_at > now() for slot in programmes[attendees[0].id].live_slots),
    }


def _can_change(event: Event) -> bool:
    return event.state is EventState.PUBLISHED and now() < event.starts_at


def _has_room(registration: Registration) -> bool:
    return sum(attendee.is_active for attendee in registration.attendees) < registration.event.party_size


def _mine(token: str, attendee_id: int) -> tuple[Registration, Attendee]:
    """The person with this id, when the link may manage that person. Raises NotFound otherwise."""
    registration, attendees = queries.booking_by_token(token)
    for attendee in attendees:
        if attendee.id == attendee_id:
            return registration, attendee
    raise NotFound


def _back(token: str) -> ResponseReturnValue:
    return redirect(url("events.show_booking", token=token))


# --- one person ---------------------------------------------------------------------------------------------------


@doors.get("/bokning/<token>/person/<int:attendee_id>")
def show_person(token: str, attendee_id: int) -> ResponseReturnValue:
    registration, attendee = _mine(token, attendee_id)
    if not _can_change(registration.event) or not attendee.is_active:
        return _back(token)
    form = change_person_form(registration.event, queries.questions_asked(registration.event), attendee)
    return _person_page(token, registration, form, attendee)


@doors.post("/bokning/<token>/person/<int:attendee_id>")
@limit_registrations
def submit_person(token: str, attendee_id: int) -> ResponseReturnValue:
    act_as(PUBLIC)
    registration, attendee = _mine(token, attendee_id)
    form = change_person_form(registration.event, queries.questions_asked(registration.event), attendee)
    if not form.validate():
        return _person_page(token, registration, form, attendee, 422)
    try:
        with transaction():
            change_details(attendee, _person(form, registration), now())
            still_opens = token in (registration.token, attendee.token)
    except AddressTaken:
        form.email.errors = [_("Adressen kan inte användas här. Skriv en annan.")]
        return _person_page(token, registration, form, attendee, 422)
    except TooLate:
        flash(_("Det går inte längre att ändra anmälan."), "warning")
        return _back(token)
    if not still_opens:  # the seat has a new address, and the link to it goes there
        return redirect(url("events.show_received", slug=registration.event.slug))
    flash(_("Ändringen är sparad."), "good")
    return _back(token)


def _person(form: Form, registration: Registration) -> Person:
    person: Person = form.person(registration.booker_email, registration.booker_email_key, form.queue_ok)
    return person


def _person_page(
    token: str, registration: Registration, form: Form, attendee: Attendee | None, code: int = 200, problem: str = ""
) -> ResponseReturnValue:
    slots = slots_of(registration.event) if form.slot_fields else []
    places = places_in(registration.event) if slots else {}
    form.full_shown.data = full_sessions(places)
    page = render_template(
        "events/person.html",
        **heading(registration.event), token=token, form=form, attendee=attendee, problem=problem,
        session_hints=session_hints(slots, places),
        queue_offered=form.queue_accepted if hasattr(form, "queue_accepted") else False,
    )  # fmt: skip
    return page, code


@doors.get("/bokning/<token>/person/ny")
def show_new_person(token: str) -> ResponseReturnValue:
    registration, _attendees = _whole(token)
    form = _new_person_form(registration.event)
    return _person_page(token, registration, form, None)


def _new_person_form(event: Event) -> Form:
    form: Form = change_person_form(
        event, queries.questions_asked(event), None, offered_slots(slots_of(event), event, now())
    )
    return form


@doors.post("/bokning/<token>/person/ny")
@limit_registrations
def submit_new_person(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    registration, _attendees = _whole(token)
    form = _new_person_form(registration.event)
    if not form.validate():
        return _person_page(token, registration, form, None, 422)
    if_full = IfFull.TAKE_SOME if "queue" in request.form else IfFull.REFUSE
    try:
        with transaction():
            added = add_person(registration, _person(form, registration), now(), if_full)
    except FullNow:
        words = _("Det finns ingen ledig plats nu. Tryck igen för att ställa personen i kö.")
        form.queue_accepted = True
        return _person_page(token, registration, form, None, 409, words)
    except SessionFull as refusal:
        form.say_full(refusal.session_ids)
        return _person_page(token, registration, form, None, 409)
    except (PartyTooLarge, RegistrationClosed, SessionGone):
        flash(_("Det går inte att lägga till fler i den här anmälan."), "warning")
        return _back(token)
    flash(_("Personen är tillagd.") if added else _("Besked till personen kommer med e-post."), "good")
    return _back(token)


def _whole(token: str) -> tuple[Registration, list[Attendee]]:
    registration, attendees = queries.booking_by_token(token)
    if registration.token != token:
        raise NotFound
    return registration, attendees


# --- the booker ---------------------------------------------------------------------------------------------------


@doors.get("/bokning/<token>/kontakt")
def show_booker(token: str) -> ResponseReturnValue:
    registration, _attendees = _whole(token)
    return render_template(
        "events/booker.html", **heading(registration.event), token=token, form=booker_form(registration)
    )


@doors.post("/bokning/<token>/kontakt")
@limit_registrations
def submit_booker(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    registration, _attendees = _whole(token)
    form = booker_form(registration)
    if not form.validate():
        return render_template("events/booker.html", **heading(registration.event), token=token, form=form), 422
    try:
        with transaction():
            change_booker(registration, form.booker(), now())
    except TooLate:
        flash(_("Det går inte längre att ändra anmälan."), "warning")
        return _back(token)
    flash(_("Ändringen är sparad."), "good")
    return _back(token)


# --- leaving ------------------------------------------------------------------------------------------------------


@doors.get("/bokning/<token>/avboka")
def show_cancel(token: str) -> ResponseReturnValue:
    """Asks once more; `?person=` chooses one, without it everybody on the link."""
    registration, attendees = queries.booking_by_token(token)
    chosen = _chosen(attendees, request.args.get("person", type=int))
    if not chosen or not _can_change(registration.event):
        return _back(token)
    return render_template("events/cancel.html", **heading(registration.event), token=token, chosen=chosen)


@doors.post("/bokning/<token>/avboka")
@limit_registrations
def submit_cancel(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    _registration, attendees = queries.booking_by_token(token)
    ids = set(request.form.getlist("person", type=int))
    try:
        with transaction():
            cancelled = cancel_people([attendee for attendee in attendees if attendee.id in ids], now())
    except TooLate:
        flash(_("Det går inte längre att avboka här. Hör av dig till arrangören."), "warning")
        return _back(token)
    if cancelled:
        flash(_("Avbokningen är klar. En bekräftelse kommer med e-post."), "good")
    return _back(token)


def _chosen(attendees: list[Attendee], attendee_id: int | None) -> list[Attendee]:
    cancellable = (AttendeeState.CONFIRMED, AttendeeState.OFFERED, AttendeeState.WAITING)
    able = [attendee for attendee in attendees if attendee.state in cancellable]
    return [attendee for attendee in able if attendee_id in (None, attendee.id)]


# --- an offered seat ----------------------------------------------------------------------------------------------


@doors.post("/bokning/<token>/erbjudande/<int:attendee_id>")
@limit_registrations
def submit_answer_to_offer(token: str, attendee_id: int) -> ResponseReturnValue:
    act_as(PUBLIC)
    _registration, attendee = _mine(token, attendee_id)
    takes_seat = request.form.get("answer") == "yes"
    try:
        with transaction():
            (accept_offer if takes_seat else decline_offer)(attendee, now())
    except OfferGone:
        flash(_("Erbjudandet gäller inte längre, platsen har gått vidare i kön."), "warning")
        return _back(token)
    flash(
        _("Platsen är din. Biljetten kommer med e-post.") if takes_seat else _("Tack för svaret. Platsen går vidare."),
        "good",
    )
    return _back(token)
