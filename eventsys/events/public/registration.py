"""Doors for registering, for everybody: the form, and what happens when it is sent."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import notices, queries
from eventsys.events.forms import MyBookingsForm, RegistrationForm, registration_form
from eventsys.events.models import Event
from eventsys.events.programme.choosing import SessionFull, SessionGone
from eventsys.events.programme.forms import offered_slots
from eventsys.events.public.closed_page import invited_only_page
from eventsys.events.public.doors import doors
from eventsys.events.public.form_page import QUEUE_OFFERED, blank_form_page, choices_of, form_page
from eventsys.events.registration import FullNow, PartyTooLarge, RegistrationClosed, register
from eventsys.i18n import language, number, url
from eventsys.limits import limit_registrations


@doors.get("/evenemang/<slug>/anmalan")
def show_registration_form(slug: str) -> ResponseReturnValue:
    event = queries.event_by_slug(slug)
    if event.by_invitation:
        return invited_only_page(event)
    return blank_form_page(event, request.args.get("kalla", "")[:60])


@doors.post("/evenemang/<slug>/anmalan")
@limit_registrations
def submit_registration(slug: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    event = queries.event_by_slug(slug)
    if event.by_invitation:
        return invited_only_page(event), 409
    event_id = event.id  # asked in the transaction, it would be read once more
    form = _form(event)
    if _changes_people(form, event.party_size):
        return _page(event, form)
    if form.is_from_robot:
        return redirect(url("events.show_received", slug=slug))
    if not form.validate():
        return _page(event, form, 422 if event.takes_registrations(now()) else 409)
    try:
        with transaction():
            outcome = register(event_id, form.wish(), now())
            token = outcome.registration.token if outcome.registration else None
    except FullNow as refusal:
        return _ask_about_queue(event, form, refusal.left)
    except SessionFull as refusal:
        form.say_full(refusal.session_ids)
        return _page(event, form, 409)
    except SessionGone:
        return _ask_anew(slug)
    except PartyTooLarge as refusal:
        return _page(
            event, form, 422, _("Högst %(most)d personer ryms i en anmälan. Ta bort några.", most=refusal.most)
        )
    except RegistrationClosed:
        return _page(event, form, 409)
    if token is None:
        return redirect(url("events.show_received", slug=slug))
    return redirect(url("events.show_booking", token=token, ny=1, besked=len(outcome.already) or None))


def _form(event: Event) -> RegistrationForm:
    return registration_form(event, queries.questions_asked(event), offered_slots(choices_of(event), event, now()))


def _changes_people(form: RegistrationForm, most: int) -> bool:
    """The buttons that add, copy and remove a person, for those without JavaScript."""
    people = form.people
    if "add" in request.form and len(people.entries) < most:
        people.append_entry()
    elif "copy" in request.form and len(people.entries) < most:
        copied = _entry_at(form, request.form["copy"])
        people.append_entry({**copied.form.data, "name": "", "email": ""} if copied else None)
    elif "remove" in request.form and (removed := _entry_at(form, request.form["remove"])):
        people.entries.remove(removed)
        _renumber(form)
    else:
        return bool({"add", "copy", "remove"} & set(request.form))
    return True


def _entry_at(form: RegistrationForm, index: str):  # type: ignore[no-untyped-def]
    known = {str(number): entry for number, entry in enumerate(form.people.entries)}
    return known.get(index)


def _renumber(form: RegistrationForm) -> None:
    """After a removal the fields left are named 0, 1, 2 ... again."""
    kept = [entry.form.data for entry in form.people.entries]
    form.people.entries.clear()
    form.people.last_index = -1
    for person in kept:
        form.people.append_entry(person)


def _ask_about_queue(event: Event, form: RegistrationForm, left: int) -> ResponseReturnValue:
    form.queue.data = QUEUE_OFFERED
    if left:
        words = ngettext(
            "Det finns bara %(num)s plats kvar.", "Det finns bara %(shown)s platser kvar.", left, shown=number(left)
        )
    else:
        words = _("Platserna tog slut medan du fyllde i.")
    return _page(event, form, 409, words + " " + _("Inget du skrivit är borta. Välj hur ni vill göra och skicka igen."))


def _ask_anew(slug: str) -> ResponseReturnValue:
    """The programme was changed while the form was filled in: the same form with the programme as it is now."""
    event = queries.event_by_slug(slug)
    form = _form(event)
    form.validate()
    return _page(event, form, 409, _("Programmet ändrades medan du fyllde i. Välj pass igen. Inget annat är borta."))


def _page(event: Event, form: RegistrationForm, code: int = 200, problem: str = "") -> ResponseReturnValue:
    return form_page(event, form, choices_of(event), problem), code


@doors.get("/evenemang/<slug>/anmalan/mottagen")
def show_received(slug: str) -> ResponseReturnValue:
    """What is said when the address was registered already: nothing that betrays it. The letter tells its owner."""
    event = queries.event_by_slug(slug)
    return render_template(
        "events/received.html",
        event=event,
        title=event.in_language(language(), "title"),
        title_lang=event.language_of(language(), "title"),
    )


@doors.get("/mina-bokningar")
def show_my_bookings() -> ResponseReturnValue:
    return render_template("events/my_bookings.html", form=MyBookingsForm(), sent_to="")


@doors.post("/mina-bokningar")
@limit_registrations
def submit_my_bookings() -> ResponseReturnValue:
    """Mail the links to the address. The page answers the same whether anything is booked under it or not."""
    act_as(PUBLIC)
    form = MyBookingsForm()
    if not form.validate():
        return render_template("events/my_bookings.html", form=form, sent_to=""), 422
    with transaction():
        notices.mail_my_bookings(form.email.normal, form.email.data, language(), now())
    return render_template("events/my_bookings.html", form=MyBookingsForm(formdata=None), sent_to=form.email.data)
